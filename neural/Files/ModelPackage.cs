namespace NeuroDb.Neural;

/// <summary>All that a stored model consists of.</summary>
/// <param name="Model">The trained function.</param>
/// <param name="Pipeline">How raw rows become its features, or null if they are features.</param>
/// <param name="Labels">The labels of a classifier in the order of its outputs.</param>
/// <param name="Facts">What else is to be remembered, by name: options, hashes, metrics.</param>
internal sealed record ModelPackage(
    Model Model,
    FeaturePipeline? Pipeline,
    IReadOnlyList<string> Labels,
    IReadOnlyDictionary<string, string> Facts);
