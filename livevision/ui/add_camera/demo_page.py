"""A generated street, for trying things out."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from livevision.ui.add_camera.page import Form, SourcePage, muted
from livevision.ui.number_box import WholeBox, indent


class DemoPage(SourcePage):
    """Which street; each number is another one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seed = WholeBox()
        self.seed.setRange(0, 999_999)
        self.seed.setValue(1)
        indent(self.seed)
        self.seed.setAccessibleName(self.tr("Number of the street"))
        self.seed.valueChanged.connect(self.changed)
        self.setFocusProxy(self.seed)
        fields = Form()
        fields.add_row(self.tr("&Street number"), self.seed, wide=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(
            muted(
                self.tr(
                    "A drawn street with cars and people: nothing else is needed. Each number gives another street, "
                    "and always the same one."
                )
            )
        )
        layout.addLayout(fields)
        layout.addStretch()

    def sources(self) -> tuple[str, ...]:
        """Return the scene."""
        return (f"synthetic:street?size=1280x720&fps=25&seed={self.seed.value()}",)
