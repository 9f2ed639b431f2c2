"""All families of models that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livevision.inference.layouts.detr import DeimV2, RtDetr
from livevision.inference.layouts.end_to_end import EndToEnd
from livevision.inference.layouts.end_to_end_obb import EndToEndObb
from livevision.inference.layouts.end_to_end_pose import EndToEndPose
from livevision.inference.layouts.end_to_end_seg import EndToEndSeg
from livevision.inference.layouts.rf_detr import RfDetr
from livevision.inference.layouts.ssd import Ssd, SsdTf
from livevision.inference.layouts.ultralytics_rtdetr import UltralyticsRtDetr
from livevision.inference.layouts.yolov5 import Yolov5
from livevision.inference.layouts.yolov8 import Yolov8
from livevision.inference.layouts.yolov8_obb import Yolov8Obb
from livevision.inference.layouts.yolov8_pose import Yolov8Pose
from livevision.inference.layouts.yolov8_seg import Yolov8Seg
from livevision.inference.layouts.yolox import Yolox

if TYPE_CHECKING:
    from livevision.inference.layouts.layout import Layout

LAYOUTS: tuple[Layout, ...] = (
    Yolov5(),
    Yolov8(),
    Yolov8Seg(),
    Yolov8Pose(),
    Yolov8Obb(),
    EndToEnd(),
    EndToEndSeg(),
    EndToEndPose(),
    EndToEndObb(),
    Yolox(),
    RtDetr(),
    DeimV2(),
    UltralyticsRtDetr(),
    RfDetr(),
    Ssd(),
    SsdTf(),
)
