using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// One version of a model in memory, ready to predict. Immutable, shared by all sessions.
/// </summary>
internal sealed class ModelVersion
{
    private readonly Lazy<Model?> _embedding;
    private readonly Lazy<IReadOnlyList<ModelVersion>> _heads;
    private readonly Lazy<IReadOnlyDictionary<string, int>> _numbers;

    /// <summary>A version of stored or just trained parts.</summary>
    public ModelVersion(string name, ModelVersionInfo info, ModelPackage package)
    {
        Invariant.Check(package.Pipeline is not null);
        Name = name;
        Info = info;
        Package = package;
        Pipeline = package.Pipeline;
        _embedding = new Lazy<Model?>(() => EmbeddingModel.Of(package.Model));
        _heads = new Lazy<IReadOnlyList<ModelVersion>>(MakeHeads);
        _numbers = new Lazy<IReadOnlyDictionary<string, int>>(() => package.Labels
            .Select(static (label, i) => (label, i))
            .ToDictionary(static it => it.label, static it => it.i, StringComparer.Ordinal));
        Facts = ModelFacts.Of(package.Facts);
        Place = TargetPlace.Of(package.Model, package.Labels, 1)[0];
        LabelValues = ValuesOf(info, package);
        Whole = this;
    }

    private ModelVersion(ModelVersion whole, int ordinal, TargetPlace place)
        : this(
            whole.Name,
            whole.Info with
            {
                Target = whole.Info.Targets[ordinal].Name,
                TargetType = whole.Info.Targets[ordinal].Type,
                Others = [],
            },
            whole.Package with
            {
                Model = place.PartOf(whole.Model, ordinal),
                Labels = place.Labels,
            })
    {
        Whole = whole;
        Ordinal = ordinal;
        Place = place;
        Facts = whole.Facts with
        {
            Targets = [whole.Facts.Targets.ElementAtOrDefault(ordinal) ?? new TargetFacts()],
        };
    }

    /// <summary>The version with all targets; itself unless it is a view of one.</summary>
    public ModelVersion Whole { get; }

    /// <summary>The number of its target in the whole.</summary>
    public int Ordinal { get; }

    /// <summary>Which outputs of the whole are its own.</summary>
    public TargetPlace Place { get; }

    /// <summary>
    /// A view for each target: a version of that target alone. Itself if there is one or none.
    /// </summary>
    public IReadOnlyList<ModelVersion> Heads => _heads.Value;

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

    /// <summary>The numbers of the labels.</summary>
    public IReadOnlyDictionary<string, int> LabelNumbers => _numbers.Value;

    /// <summary>The labels as values of the target's type.</summary>
    public IReadOnlyList<Value> LabelValues { get; }

    /// <summary>How it came about.</summary>
    public ModelFacts Facts { get; }

    private static IReadOnlyList<Value> ValuesOf(ModelVersionInfo info, ModelPackage package) =>
        info.Task == ModelTask.Classifier && info.Others.Count == 0
            ? [.. package.Labels.Select(label => ModelLabels.ValueOf(label, info.TargetType))]
            : [];

    private IReadOnlyList<ModelVersion> MakeHeads() => Info.Others.Count == 0
        ? [this]
        : [.. TargetPlace.Of(Model, Package.Labels, Info.Targets.Count)
            .Select((place, i) => new ModelVersion(this, i, place))];
}
