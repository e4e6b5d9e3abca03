using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// One version of a model in memory, ready to predict. Immutable, shared by all sessions.
/// </summary>
internal sealed class ModelVersion
{
    private readonly Lazy<Model?> _embedding;

    /// <summary>A version of stored or just trained parts.</summary>
    public ModelVersion(string name, ModelVersionInfo info, ModelPackage package)
    {
        Invariant.Check(package.Pipeline is not null);
        Name = name;
        Info = info;
        Package = package;
        Pipeline = package.Pipeline;
        _embedding = new Lazy<Model?>(() => EmbeddingModel.Of(package.Model));
        Facts = ModelFacts.Of(package.Facts);
        LabelValues = info.Task == ModelTask.Classifier
            ? [.. package.Labels.Select(label => ModelLabels.ValueOf(label, info.TargetType))]
            : [];
    }

    /// <summary>The name of the model when it was loaded.</summary>
    public string Name { get; }

    /// <summary>What the catalog knows of it.</summary>
    public ModelVersionInfo Info { get; }

    /// <summary>All that is stored of it.</summary>
    public ModelPackage Package { get; }

    /// <summary>The trained function.</summary>
    public Model Model => Package.Model;

    /// <summary>The part that gives vectors, or null.</summary>
    public Model? Embedding => _embedding.Value;

    /// <summary>How rows become features.</summary>
    public FeaturePipeline Pipeline { get; }

    /// <summary>The labels of a classifier as texts, in the order of the outputs.</summary>
    public IReadOnlyList<string> Labels => Package.Labels;

    /// <summary>The labels as values of the target's type.</summary>
    public IReadOnlyList<Value> LabelValues { get; }

    /// <summary>How it came about.</summary>
    public ModelFacts Facts { get; }
}
