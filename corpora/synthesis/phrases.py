"""How do outlets of twelve languages credit, beg and sign? Sentences made up for this corpus, with slots."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """What an outlet of one language writes around its articles; the script its words are made up in."""

    script: str
    credits: tuple[str, ...]
    appeals: tuple[str, ...]
    houses: tuple[str, ...]
    copyright: str


LANGUAGES = {
    "en": Phrases(
        "english",
        (
            "This report was originally published by {name}.",
            "First published at {name}",
            "Republished with permission from {name}",
            "Source: {name}",
            "The post {title} appeared first on {name}.",
            "Source: [{name}](https://{domain})",
        ),
        ("Support {name} with a donation of a few crowns, for nobody else pays us.", "Please donate at {domain}/help."),
        ("The night desk of {place} reads every letter that reaches {name} before Friday.",),
        "© {name}. All rights reserved.",
    ),
    "ar": Phrases(
        "arabic",
        ("نُشر هذا التقرير أولاً في موقع {name}.", "نقلاً عن {name}", "المصدر: {name}"),
        ("ادعموا {name} بتبرع صغير كل شهر، فلا أحد غيركم يدفع ثمن هذه الصفحات.",),
        ("يقرأ مكتب {place} الليلي كل رسالة تصل إلى {name} قبل يوم الجمعة.",),
        "جميع الحقوق محفوظة © {name}",
    ),
    "de": Phrases(
        "latin",
        ("Dieser Bericht erschien zuerst bei {name}.", "Übernommen von {name}", "Quelle: {name}"),
        ("Unterstützen Sie {name} mit einer Spende, denn sonst zahlt niemand für diese Seiten.",),
        ("Die Nachtredaktion in {place} liest jeden Brief, der {name} vor Freitag erreicht.",),
        "© {name}. Alle Rechte vorbehalten.",
    ),
    "es": Phrases(
        "latin",
        ("Este reportaje fue publicado originalmente en {name}.", "Tomado de {name}", "Fuente: {name}"),
        ("Apoya a {name} con una donación, porque nadie más paga estas páginas.",),
        ("La mesa de noche de {place} lee cada carta que llega a {name} antes del viernes.",),
        "© {name}. Todos los derechos reservados.",
    ),
    "fr": Phrases(
        "latin",
        ("Cet article a été initialement publié sur {name}.", "Repris de {name}", "Source : {name}"),
        ("Soutenez {name} en faisant un don, car personne d'autre ne paie ces pages.",),
        ("Le bureau de nuit de {place} lit chaque lettre qui parvient à {name} avant vendredi.",),
        "© {name}. Tous droits réservés.",
    ),
    "it": Phrases(
        "latin",
        ("Questo articolo è stato pubblicato originariamente su {name}.", "Articolo tratto da {name}", "Fonte: {name}"),
        ("Sostieni {name} con una donazione, perché nessun altro paga queste pagine.",),
        ("La redazione notturna di {place} legge ogni lettera che arriva a {name} entro venerdì.",),
        "© {name}. Tutti i diritti riservati.",
    ),
    "pl": Phrases(
        "latin",
        (
            "Ten artykuł ukazał się pierwotnie w serwisie {name}.",
            "Przedruk za zgodą redakcji „{name}”.",
            "Źródło: {name}",
        ),
        ("Wesprzyj {name} darowizną, bo nikt inny za te strony nie płaci.",),
        ("Nocny dyżur w {place} czyta każdy list, który dotrze do {name} przed piątkiem.",),
        "© {name}. Wszelkie prawa zastrzeżone.",
    ),
    "pt": Phrases(
        "latin",
        ("Esta matéria foi publicada originalmente no site {name}.", "Texto extraído do {name}", "Fonte: {name}"),
        ("Apoie o {name} com uma doação, pois ninguém mais paga estas páginas.",),
        ("A equipe da noite de {place} lê cada carta que chega ao {name} até sexta-feira.",),
        "© {name}. Todos os direitos reservados.",
    ),
    "ru": Phrases(
        "russian",
        ("Этот материал был впервые опубликован на сайте {name}.", "Оригинал публикации: {name}", "Источник: {name}"),
        ("Поддержите проект «{name}» рублём, ведь больше за эти страницы никто не платит.",),
        ("Ночная смена в {place} читает каждое письмо, которое дошло до {name} к пятнице.",),
        "© {name}. Все права защищены.",
    ),
    "tr": Phrases(
        "latin",
        ("Bu haber {name}'nden alınmıştır.", "Kaynak: {name}"),
        ("{name}'ne destek olun, çünkü bu sayfaların parasını başka kimse ödemiyor.",),
        ("{place} gece masası cumadan önce {name} adresine ulaşan her mektubu okur.",),
        "© {name}. Tüm hakları saklıdır.",
    ),
    "uk": Phrases(
        "russian",
        ("Цей матеріал був вперше опублікований на сайті {name}.", "Першоджерело — {name}", "Джерело: {name}"),
        ("Підтримайте проєкт «{name}» гривнею, бо більше за ці сторінки ніхто не платить.",),
        ("Нічна зміна в {place} читає кожен лист, що дійшов до {name} до п’ятниці.",),
        "© {name}. Усі права захищено.",
    ),
    "zh": Phrases(
        "chinese",
        ("本文首发于 {name}", "本文转载自：{name}", "来源：{name}"),
        ("请支持《{name}》的独立报道，每月捐助几元，此外无人为这些页面付钱。",),
        ("{place} 的夜班编辑会在周五之前读完寄到 {name} 的每一封信。",),
        "© {name} 版权所有",
    ),
}
