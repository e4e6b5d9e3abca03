namespace NeuroDb.Neural;

/// <summary>
/// The operators of others that may run here by ONNX Runtime: those of ONNX and of its domain for
/// classical models that compute numbers from numbers. Left out are those that hold graphs, draw
/// at random, read texts or make sequences and maps.
/// </summary>
internal static class OnnxOperators
{
    /// <summary>The domain of classical models.</summary>
    public const string ClassicDomain = "ai.onnx.ml";

    private static readonly HashSet<string> Standard = new(
    [
        .. ("Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool "
            + "BatchNormalization BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Cast "
            + "CastLike Ceil Celu CenterCropPad Clip Compress Concat Constant ConstantOfShape "
            + "Conv ConvInteger ConvTranspose Cos Cosh CumSum DepthToSpace DequantizeLinear Det "
            + "Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten "
            + "Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool "
            + "GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization "
            + "HardSigmoid HardSwish Hardmax Identity InstanceNormalization IsInf IsNaN LRN LSTM "
            + "LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization "
            + "LpPool MatMul MatMulInteger Max MaxPool Mean MeanVarianceNormalization Min Mish "
            + "Mod Mul Neg NonZero Not OneHot Or PRelu Pad Pow QLinearConv QLinearMatMul "
            + "QuantizeLinear RNN Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum "
            + "ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum "
            + "ReduceSumSquare Relu Reshape Resize ReverseSequence Round ScatterElements "
            + "ScatterND Selu Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax Softplus "
            + "Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tan Tanh ThresholdedRelu Tile "
            + "TopK Transpose Trilu Unsqueeze Upsample Where Xor").Split(' '),
    ], StringComparer.Ordinal);

    private static readonly HashSet<string> Classic = new(
    [
        "ArrayFeatureExtractor", "Binarizer", "Imputer", "LinearClassifier", "LinearRegressor",
        "Normalizer", "SVMClassifier", "SVMRegressor", "Scaler", "TreeEnsemble",
        "TreeEnsembleClassifier", "TreeEnsembleRegressor",
    ], StringComparer.Ordinal);

    /// <summary>Whether a domain is known at all.</summary>
    public static bool IsDomain(string domain) => domain is "" or "ai.onnx" or ClassicDomain;

    /// <summary>Whether an operator may run.</summary>
    public static bool IsAllowed(string domain, string name) =>
        (domain == ClassicDomain ? Classic : Standard).Contains(name);
}
