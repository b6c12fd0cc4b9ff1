"""The floor of this stack: a Textual app with a header, a footer and a line of text; `x` changes the line."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Static


class Bare(App):
    BINDINGS = [("x", "more", "more"), ("q", "quit", "quit")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static("A bare Textual app.", id="text")
        yield Footer()

    def action_more(self) -> None:
        self.count = getattr(self, "count", 0) + 1
        self.query_one("#text", Static).update(f"Pressed: {self.count}")


if __name__ == "__main__":
    Bare().run()
