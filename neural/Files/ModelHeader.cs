namespace NeuroDb.Neural;

/// <summary>What a stored model says about itself before its numbers are read.</summary>
/// <param name="Kind">The kind of model.</param>
/// <param name="Architecture">How it is built.</param>
/// <param name="Task">What it says about a row.</param>
/// <param name="FeatureCount">Numbers of the features of a row.</param>
/// <param name="Input">The shape of a row.</param>
/// <param name="Loss">What a network was trained on.</param>
/// <param name="Labels">The labels of a classifier in the order of its outputs.</param>
/// <param name="Facts">What else is remembered.</param>
/// <param name="Pipeline">How raw rows become features, or null.</param>
/// <param name="Tensors">The tensors in their order.</param>
internal sealed record ModelHeader(
    string Kind,
    string Architecture,
    ModelTask Task,
    int FeatureCount,
    TensorShape Input,
    LossKind Loss,
    IReadOnlyList<string> Labels,
    IReadOnlyDictionary<string, string> Facts,
    FeaturePipeline? Pipeline,
    IReadOnlyList<TensorEntry> Tensors);
