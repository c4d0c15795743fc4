"""The wrong methods known for each kind of question, and the exercises that ask such questions.

Every name is a mistake of one of these exercises, or docs/mistakes.md says why it is none.
"""

from __future__ import annotations

SIZES = "ceil nearest fraction pad-once pad-ignored pad-after no-plus1 plus1-inside stride-ignored stride-added stride-is-gap kernel-ignored same-thinking"
POOL_SIZES = "stride-default-1 n-over-s ceil-always ceil-ignored no-last-window-rule kernel-term-lost channels-halved"
COUNTS = "no-bias bias-once cin-ignored bias-per-slice k-not-squared one-filter times-HW untied-bias"

# Kind of question → (exercises, names). Each exercise has to answer for each name.
KNOWN: dict[str, tuple[tuple[str, ...], str]] = {
    "T1": (("one-window",), "sum-only products-only matmul max-product flip180"),
    "T2": (
        ("conv-array",),
        "flip180 flip-lr kernel-transposed max-not-sum window-sum centre-only matmul-not-elementwise no-sum mean-not-sum",
    ),
    "T3": (("output-size-basic",), "no-plus1 full minus1 blocks same flip180 flip-lr kernel-transposed"),
    "T4": (("conv-stride",), "flip180 flip-lr kernel-transposed stride-ignored stride-cols-only stride-offset stride-equals-kernel"),
    "T5": (("conv-padding",), "flip180 flip-lr kernel-transposed pad-ignored pad-topleft pad-bottomright pad-around-output pad-replicate"),
    "T6": (("output-size", "size-formula"), f"{SIZES} hw-swapped channels-kept batch-lost"),
    "T7": (("which-cells",), "other-side L-plus-1 pad-ignored k-minus-L one-based"),
    "T8": (("inverse-size",), "smallest-only floor-ignored p-total p-rounded-down"),
    "T9": (("same-padding",), "pad-k-minus-1 pad-k-half-even extra-on-top depth-padded"),
    "T10": (("true-convolution",), "flip-one-axis kernel-transposed flip-output flip-input no-flip"),
    "T11": (("kernel-effect",), "h-v-swapped sign-flipped blur-sharpen-swapped any-zero-sum-is-edge"),
    "T12": (("bias-relu",), "bias-forgotten bias-per-weight relu-before-bias"),
    "T13": (("multi-channel",), "first-channel-only channel-mean shared-kernel no-channel-sum bias-per-channel"),
    "T14": (("layer-shape",), "nhwc weight-in-out batch-lost c-out-is-c-in c-product hw-swapped channels-kept"),
    "T15": (("parameter-count",), COUNTS),
    "T16": (("pool-values",), "avg-for-max stride1 max-over-channels zero-pad-in-max count-pad-wrong"),
    "T17": (("pool-size",), POOL_SIZES),
    "T18": (
        ("stack-shapes",),
        f"{SIZES} hw-swapped channels-kept batch-lost {POOL_SIZES} fraction-carried relu-halves flatten-hw-only flatten-side-only",
    ),
    "T19": (("stack-parameters",), f"{COUNTS} pool-has-params fc-bias-forgotten fc-in-is-channels bn-counts-4c bn-zero"),
    "T20": (("shape-debug",), "blames-batch swaps-in-out-channels pads-to-fix-channels"),
    "T21": (("dilation", "dilation-array"), "dil-ignored k-times-d k-plus-d dil0"),
    "T22": (("grouped",), "groups-ignored divide-twice depthwise-assumed times-g"),
    "T23": (("cost",), "params-only flops-2x cin-ignored h-once input-size-used"),
    "T24": (("receptive-field",), "no-jump sum-k prod-k own-stride previous-stride-only"),
    "T25": (("transposed-size",), "forward-formula op-forgotten i-times-s i-not-i-minus-1 pad-adds pad-once op-twice dil0"),
    "T26": (("transposed-values",), "inverse-expected no-overlap-add kernel-flipped"),
    "T27": (("im2col",), "transposed-matrix ci-forgotten i2-columns pixel-major-order"),
    "T28": (("padding-modes",), "reflect-repeats-edge replicate-for-reflect circular-wrong-way zeros"),
    "T29": (("conv-backward",), "no-flip-dX stride-not-dilated db-mean max-spreads-evenly avg-to-max ties-split"),
    "T30": (("compose",), "k-sum k-product k-max stride-ignored no-flip"),
}
