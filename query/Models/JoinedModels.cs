using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Versions of models that are there and become members of an ensemble, as they are: only how much
/// each counts is learned.
/// </summary>
internal sealed class JoinedModels
{
    private static readonly string[] Options =
        ["seed", "comment", "max_memory", "threads", "device", "precision"];

    private JoinedModels(IReadOnlyList<ModelVersion> versions)
    {
        Versions = versions;
        Pipeline = FeaturePipeline.Join([.. versions.Select(static it => it.Pipeline)]);
    }

    /// <summary>The members.</summary>
    public IReadOnlyList<ModelVersion> Versions { get; }

    /// <summary>The features of all of them, one behind the other.</summary>
    public FeaturePipeline Pipeline { get; }

    /// <summary>What the members say.</summary>
    public ModelTask Task => Versions[0].Info.Task;

    /// <summary>The labels of the members; null for numbers.</summary>
    public LabelSet? Labels => Task == ModelTask.Classifier
        ? new LabelSet(Versions[0].Labels) : null;

    /// <summary>The versions that a recipe names, if it names some.</summary>
    public static JoinedModels? Of(
        Recipe? recipe, ModelOptions options, ExecutionContext context, SourcePosition position)
    {
        if (recipe is not { Joined.Count: > 0 })
        {
            return null;
        }

        if (recipe.Members.Count > 0)
        {
            throw NeuralErrors.UnknownName("model to train", recipe.Joined[0], Recipe.Names);
        }

        if (options.Texts.Keys.FirstOrDefault(it => !Options.Contains(it)) is { } option)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"The option {option} is for training, and the members of this ensemble are "
                + "trained already.",
                position);
        }

        ModelVersion[] versions = [.. recipe.Joined.Select(it => Load(it, context, position))];
        foreach (ModelVersion version in versions)
        {
            Check(version, versions[0], position);
        }

        return new JoinedModels(versions);
    }

    /// <summary>The members over the features of all.</summary>
    public IReadOnlyList<Model> Members()
    {
        int features = Pipeline.Output.Length;
        var members = new Model[Versions.Count];
        int offset = 0;
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = new PartModel(Versions[i].Model, offset, features);
            offset += Versions[i].Model.FeatureCount;
        }

        Invariant.Check(offset == features);
        return members;
    }

    /// <summary>Joins the members by rows that validate, and tells how much each counts.</summary>
    /// <param name="validation">The rows; null if there are none.</param>
    /// <param name="isMean">Whether all count the same.</param>
    /// <param name="data">How rows are divided here.</param>
    /// <param name="notices">Where it is told.</param>
    public TrainedModel Join(
        IExampleSource? validation, bool isMean, ModelData data, NoticeList notices)
    {
        string[] others = [.. Versions.Where(it => it.Facts.SplitHash != data.SplitHash)
            .Select(static it => it.Name).Distinct()];
        if (others.Length > 0)
        {
            notices.Add(
                $"{string.Join(", ", others)} divided other rows or divided them otherwise, and "
                + "may have learned from rows that validate or test here; then the metric "
                + "flatters.");
        }

        IReadOnlyList<Model> members = Members();
        float[] weights = [.. Enumerable.Repeat(1f / members.Count, members.Count)];
        if (validation is null || isMean)
        {
            notices.Add(
                "All members of the ensemble count the same"
                + (isMean ? "." : ", because no rows validate."));
        }
        else
        {
            (weights, double[] errors, double together) =
                EnsembleWeights.Find(members, validation);
            string each = string.Join(", ", Versions.Select((version, i) => string.Create(
                CultureInfo.InvariantCulture,
                $"{version.Name}@{version.Info.Number} {weights[i]:0.##} ({errors[i]:0.####})")));
            notices.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Weights of the members, with their squared errors on validation rows: {each}; "
                + $"together {together:0.####}."));
        }

        var model = new EnsembleModel(members, weights);
        return new TrainedModel(
            model, [], 0, data.CountOf(SplitPart.Train), ModelTrainer.HashOf(model));
    }

    // m, m@2, m@live or m@latest.
    private static ModelVersion Load(
        string text, ExecutionContext context, SourcePosition position)
    {
        string[] sides = text.Split('@', 2, StringSplitOptions.TrimEntries);
        string name = sides[0] is ['"', .., '"'] quoted && quoted.Length > 2
            ? quoted[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : sides[0];
        var syntax = new NameSyntax([new IdentifierSyntax(name, true) { Position = position }])
        {
            Position = position,
        };
        ModelVersionChoice choice = sides.Length == 1 ? ModelVersionChoice.Live
            : sides[1].ToLowerInvariant() switch
            {
                "live" => ModelVersionChoice.Live,
                "latest" => new ModelVersionChoice(0, true),
                _ when int.TryParse(
                    sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) =>
                    ModelVersionChoice.Of(number),
                _ => throw SyntaxErrors.At(position, $"{text} names no version of a model"),
            };
        return ModelLookup.Load(
            new ModelNameSyntax(syntax, choice) { Position = position }, context);
    }

    private static void Check(
        ModelVersion version, ModelVersion first, SourcePosition position)
    {
        string name = $"{version.Name}@{version.Info.Number}";
        string? wrong =
            version.Info.Task is not (ModelTask.Classifier or ModelTask.Regressor)
                ? $"{name} is a {ModelBuilds.NameOf(version.Info.Task)}, and an ensemble joins "
                    + "classifiers or regressors."
            : version.Info.Others.Count > 0
                ? $"{name} predicts {version.Info.TargetText}, and an ensemble one target."
            : version.Model is EnsembleModel
                ? $"{name} is an ensemble itself; join its members."
            : !PartModel.CanHold(version.Model)
                ? $"{name} is a model of the kind {version.Model.Kind}, which runs outside; an "
                    + "ensemble joins networks and trees."
            : version.Info.Task != first.Info.Task
                ? $"{first.Name} is a {ModelBuilds.NameOf(first.Info.Task)} and {name} a "
                    + $"{ModelBuilds.NameOf(version.Info.Task)}; an ensemble joins models of one "
                    + "type."
            : !version.Labels.SequenceEqual(first.Labels)
                || version.Model.OutputCount != first.Model.OutputCount
                ? $"{first.Name} and {name} know other labels; an ensemble joins models of the "
                    + "same."
            : null;
        if (wrong is not null)
        {
            throw new NeuroStoreException(ErrorCode.InvalidModel, wrong, position);
        }
    }
}
