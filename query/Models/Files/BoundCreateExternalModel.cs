using System.Security.Cryptography;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// CREATE EXTERNAL MODEL: a model that stays where it is, an ONNX file within the roots or a
/// function of the program. Of a file its hash is kept, and no other content answers for it.
/// </summary>
internal sealed class BoundCreateExternalModel(CreateExternalModelStatementSyntax syntax)
    : BoundModelChange("Create external model", syntax, syntax.Name)
{
    private static readonly string[] Types = ["classifier", "regressor", "embedder"];

    /// <inheritdoc/>
    protected override ModelChange? Execute(ExecutionContext context)
    {
        string name = syntax.Name.Last;
        bool isThere = context.Transaction.Catalog.TryGetObject(
            CatalogObjectKind.Model, name, out CatalogObject known);
        if (isThere && syntax.IfNotExists)
        {
            context.Notices.Add($"The model {name} exists already; nothing was created.");
            return null;
        }

        if (isThere && !syntax.OrReplace)
        {
            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A model {name} exists already; write OR REPLACE for another one.",
                syntax.Name.Position);
        }

        BuiltModel built = Build(context);
        if (isThere)
        {
            ModelDefinition old = ModelDefinitionJson.Of(known);
            ModelUse.CheckDrop(old, static _ => true, context, syntax.Name.Position);
            ModelCatalog.Drop(old, context);
        }

        ModelDefinition model = ModelCatalog.Create(name, syntax.Text, built, context);
        return new ModelChange(model, model.Live, built.Facts);
    }

    private BuiltModel Build(ExecutionContext context)
    {
        string location = CopyPath.Of(syntax.Location, context);
        string type = syntax.Type.Name.ToLowerInvariant();
        if (!Types.Contains(type))
        {
            throw NeuralErrors.UnknownName("type of external model", type, Types);
        }

        BuiltModel built =
            location.StartsWith(ExternalModels.OnnxScheme, StringComparison.Ordinal)
                ? OfFile(location, context)
            : location.StartsWith(ExternalModels.DelegateScheme, StringComparison.Ordinal)
                ? OfFunction(location, type, context)
            : throw Wrong("LOCATION is 'onnx:' and a path, or 'delegate:' and a name; models on "
                + "other machines are not asked");
        string found = built.Info.Task.ToString().ToLowerInvariant();
        if (found != type)
        {
            throw Wrong($"TYPE says {type}, but what {location} gives is that of a {found}");
        }

        return built with { Package = context.Models.Attach(built.Package) };
    }

    private BuiltModel OfFile(string location, ExecutionContext context)
    {
        CopyFiles? files = context.Files;
        Invariant.Check(files is not null);
        byte[] file = files.ReadAll(location[ExternalModels.OnnxScheme.Length..]);
        BuiltModel built = OnnxModelFile.Read(file, syntax.Clauses, syntax.Position, context);
        Model inner = built.Package.Model;
        byte[] hash = SHA256.HashData(file);
        return With(
            built,
            ExternalModel.Create(
                location, inner.Task, inner.FeatureCount, inner.OutputCount, hash),
            Convert.ToHexStringLower(hash));
    }

    private BuiltModel OfFunction(string location, string type, ExecutionContext context)
    {
        _ = context.Models.Externals.FunctionOf(location[ExternalModels.DelegateScheme.Length..]);
        ModelColumn[] inputs = [.. syntax.Clauses.Inputs.Select(static it =>
            new ModelColumn(it.Name.Name, TypeNames.Resolve(it.Type)))];
        FeatureColumn[] columns =
            [.. inputs.Select(static it => ModelRows.ColumnOf(it.Name, it.Type))];
        bool isKnown = inputs.Length > 0 && columns.All(static it => it.Kind is ColumnKind.Number
            || (it.Kind is ColumnKind.Vector && it.Shape.Length > 0));
        if (!isKnown || syntax.Clauses.Outputs is not [var output])
        {
            throw Wrong("a function needs INPUT with numbers and vectors of fixed lengths, and "
                + "OUTPUT with one column");
        }

        DataType given = TypeNames.Resolve(output.Type);
        ModelTask task = given.Kind is TypeKind.Double or TypeKind.Real ? ModelTask.Regressor
            : given.Kind == TypeKind.Vector && given.Length > 0 ? ModelTask.Embedder
            : throw Wrong("OUTPUT of a function is DOUBLE PRECISION (a regressor) or VECTOR(n) (an "
                + $"embedder), not {given}; a {type} of labels needs a file");
        int features = columns.Sum(static it => it.Shape.Length);
        var model = ExternalModel.Create(
            location, task, features, task == ModelTask.Embedder ? given.Length : 1, []);
        var package = new ModelPackage(
            model,
            FeaturePipeline.Fit(
                columns,
                [.. columns.Select(static it =>
                    new TransformSpec(TransformKind.Identity, it.Name))],
                []),
            [],
            new Dictionary<string, string>());
        var info = new ModelVersionInfo
        {
            Number = 1,
            Identity = "",
            Task = task,
            Target = task == ModelTask.Regressor ? output.Name.Name : "",
            TargetType = DataType.Double,
            EmbeddingLength = EmbeddingModel.LengthOf(model),
            Inputs = inputs,
        };
        ModelFacts facts = ModelFacts.Of(package.Facts) with
        {
            CreatedMicroseconds = context.NowMicroseconds,
        };
        return With(new BuiltModel(package, info, facts, []), model, "");
    }

    private static BuiltModel With(BuiltModel built, ExternalModel model, string hash)
    {
        ModelFacts facts = built.Facts with
        {
            Recipe = model.Location, Device = "external", WeightHash = hash,
        };
        return built with
        {
            Package = built.Package with { Model = model, Facts = facts.ToTexts() },
            Info = built.Info with { EmbeddingLength = EmbeddingModel.LengthOf(model) },
            Facts = facts,
        };
    }

    private NeuroStoreException Wrong(string what) => new(
        ErrorCode.InvalidModel, $"The model cannot be outside so: {what}.", syntax.Position);
}
