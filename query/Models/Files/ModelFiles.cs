using System.Globalization;
using System.Text.Json;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// The files of EXPORT and IMPORT MODEL. A native file is a model file whose facts also say which
/// columns the model reads and how often its test rows were looked at.
/// </summary>
internal static class ModelFiles
{
    private const string Signature = "signature";
    private const string TestUses = "test_uses";
    private static readonly string[] Formats = ["native", "csharp", "onnx"];

    /// <summary>The format of a word; without one, that of the name of the file.</summary>
    public static ModelFileFormat FormatOf(IdentifierSyntax? word, string path) =>
        word?.Name.ToLowerInvariant() switch
        {
            "native" => ModelFileFormat.Native,
            "csharp" => ModelFileFormat.CSharp,
            null when path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase) =>
                ModelFileFormat.CSharp,
            "onnx" => ModelFileFormat.Onnx,
            null when path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) =>
                ModelFileFormat.Onnx,
            null => ModelFileFormat.Native,
            _ => throw NeuralErrors.UnknownName("format", word.Name, Formats),
        };

    /// <summary>The bytes of a version.</summary>
    public static byte[] Write(ModelVersion version, ExecutionContext context)
    {
        if (version.Model is ExternalModel outside)
        {
            throw NeuralErrors.InvalidModel(
                $"The model {version.Name} stays outside, at {outside.Location}; there is nothing "
                + "to export.");
        }

        Value[]? row = ModelTables.Find(
            ModelTables.Versions,
            context.Transaction,
            out _,
            Value.Of(version.Info.Identity));
        long uses = row is null ? 0 : row[3].AsInt64();
        var facts = new Dictionary<string, string>(version.Package.Facts)
        {
            [Signature] = ModelDefinitionJson.WriteVersion(version.Info),
            [TestUses] = uses.ToString(CultureInfo.InvariantCulture),
        };
        return ModelFile.Write(version.Package with { Facts = facts });
    }

    /// <summary>
    /// The version that a file holds, after checking that all its parts fit each other; and how
    /// often its test rows were looked at. The query of its training is forgotten: a file is not
    /// trusted to say what this database reads.
    /// </summary>
    public static (BuiltModel Built, long TestUses) Read(byte[] file, ModelStore models)
    {
        ModelPackage package = models.Attach(ModelFile.Read(file));
        ModelVersionInfo? info = package.Facts.TryGetValue(Signature, out string? signature)
            ? ModelDefinitionJson.ReadVersion(signature) : null;
        if (info is null || package.Pipeline is null || package.Model is ExternalModel)
        {
            throw NeuralErrors.MalformedModel("it does not say which columns it reads");
        }

        Check(package, package.Pipeline, info);
        long uses = long.TryParse(package.Facts.GetValueOrDefault(TestUses), out long counted)
            ? counted : 0;
        ModelFacts facts = FactsOf(package);
        var built = new BuiltModel(
            package with { Facts = facts.ToTexts() }, info, facts, []);
        return (built, Math.Max(0, uses));
    }

    /// <summary>The facts of a file, without what names tables of its database.</summary>
    private static ModelFacts FactsOf(ModelPackage package)
    {
        try
        {
            ModelFacts facts = ModelFacts.Of(package.Facts) with { TrainQuery = "" };
            ModelOptions.Read(facts.Options, []);
            return facts.Threads is >= 0 and <= ushort.MaxValue
                && facts.BestEpoch >= 0 && facts.Seed >= 0
                ? facts
                : throw NeuralErrors.MalformedModel("its history has impossible numbers");
        }
        catch (Exception error) when (error is FormatException or JsonException
            or InvalidOperationException)
        {
            throw NeuralErrors.MalformedModel("its history is no text of ours");
        }
    }

    /// <summary>The same version, marked with the key that its file was signed by.</summary>
    public static BuiltModel WithSignature(BuiltModel built, string signedBy)
    {
        ModelFacts facts = built.Facts with { SignedBy = signedBy };
        return built with
        {
            Facts = facts,
            Package = built.Package with { Facts = facts.ToTexts() },
        };
    }

    private static void Check(
        ModelPackage package, FeaturePipeline pipeline, ModelVersionInfo info)
    {
        if (ModelBuilds.IsOfItsOwn(info.Task))
        {
            bool isSound = info.Others.Count == 0 && info.Inputs.Count is 1 or 2
                && info.Inputs.All(static input => Enum.IsDefined(input.Type.Kind))
                && pipeline.Output.Length == package.Model.FeatureCount
                && info.EmbeddingLength == EmbeddingModel.LengthOf(package.Model)
                && (info.Target.Length > 0) == (info.Task != ModelTask.GraphEmbedding)
                && IsSound(package, info);
            if (!isSound)
            {
                throw NeuralErrors.MalformedModel("its columns and numbers do not fit");
            }

            return;
        }

        CheckRows(package, pipeline, info);
    }

    private static bool IsSound(ModelPackage package, ModelVersionInfo info) => info.Task switch
    {
        ModelTask.Forecaster => package.Model.Task == ModelTask.Regressor
            && info.EmbeddingLength == 0
            && info.Inputs[0].Type.Physical == PhysicalKind.Int64,
        ModelTask.Tagger => package.Model is TaggerModel tagger
            && info.Inputs is [{ Type.Kind: TypeKind.Text }]
            && info.TargetType.Kind is TypeKind.Text or TypeKind.Json
            && package.Labels.Count == tagger.TagCount,
        ModelTask.GraphEmbedding => package.Model is NodeModel graph
            && package.Labels.Count == graph.NodeCount
            && package.Labels.Distinct(StringComparer.Ordinal).Count() == graph.NodeCount
            && ModelLabels.CanBeLabel(info.TargetType),
        _ => package.Model is TwoTowerModel towers
            && package.Labels.Count == towers.ItemCount + towers.UserCount
            && ModelLabels.CanBeLabel(info.TargetType),
    };

    private static void CheckRows(
        ModelPackage package, FeaturePipeline pipeline, ModelVersionInfo info)
    {
        bool fits = info.Task == package.Model.Task
            && info.EmbeddingLength == EmbeddingModel.LengthOf(package.Model)
            && pipeline.Output.Length == package.Model.FeatureCount
            && info.Inputs.Append(new ModelColumn("", info.TargetType)).Concat(info.Others)
                .All(static input => Enum.IsDefined(input.Type.Kind))
            && pipeline.Columns.All(column => info.Inputs.Any(input =>
                string.Equals(input.Name, column.Name, StringComparison.OrdinalIgnoreCase)))
            && (info.Task != ModelTask.Classifier
                || (package.Labels.Count == package.Model.OutputCount
                    && info.Targets.All(static it => ModelLabels.CanBeLabel(it.Type))))
            && TargetPlace.Fits(package.Model, info.Targets.Count)
            && TargetPlace.Of(package.Model, package.Labels, info.Targets.Count).All(
                static it => it.Labels.Distinct(StringComparer.Ordinal).Count()
                    == it.Labels.Count);
        if (!fits)
        {
            throw NeuralErrors.MalformedModel("its columns, labels and numbers do not fit");
        }

        foreach (FeatureColumn column in pipeline.Columns)
        {
            ModelRows.Check(
                column,
                info.Inputs.First(input => string.Equals(
                    input.Name, column.Name, StringComparison.OrdinalIgnoreCase)).Type,
                default);
        }
    }
}
