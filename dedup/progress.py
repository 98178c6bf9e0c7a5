"""How far is it? Shown on a terminal, and nowhere else."""

from collections.abc import Iterable
from types import TracebackType

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from dedup.readers.meter import Meter

READING = "reading"


class Stages:
    """Shows which stage is under way, and of reading how far it has come, how fast, and what had to be skipped."""

    def __init__(self, console: Console, meter: Meter, quiet: bool) -> None:
        """Show it on `console` if that is a terminal and nobody wants quiet."""
        self._shown = None if quiet or not console.is_terminal else _Shown(console, meter)

    def __enter__(self) -> "Stages":
        """Begin to show it."""
        if self._shown is not None:
            self._shown.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing behind on the terminal."""
        if self._shown is not None:
            self._shown.stop()

    def __call__(self, stage: str) -> None:
        """Say which stage begins."""
        if self._shown is not None:
            self._shown.begin(stage)


class _Shown(Progress):
    def __init__(self, console: Console, meter: Meter) -> None:
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(24),
            _Counts(meter),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            console=console,
            transient=True,
        )
        self._meter = meter
        self._task = self.add_task(READING, total=meter.total)

    def begin(self, stage: str) -> None:
        if stage != READING:
            self.remove_task(self._task)
            self._task = self.add_task(stage, total=None)

    def get_renderables(self) -> Iterable[RenderableType]:
        if self.tasks and self.tasks[0].description == READING:
            self.update(self._task, completed=self._meter.read)
        return super().get_renderables()


class _Counts(ProgressColumn):
    """How many articles were read, how many a second, and how much was skipped."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter

    def render(self, task: Task) -> Text:
        articles, skipped = self._meter.articles, self._meter.skipped
        rate = f" · {articles / task.elapsed:,.0f}/s" if task.description == READING and task.elapsed else ""
        return Text(f"{articles:,} articles{rate}" + (f" · {skipped:,} skipped" if skipped else ""))
