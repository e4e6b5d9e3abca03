using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// A network of an ONNX file as a version of a model. INPUT and OUTPUT name the columns that it
/// reads and says; without them it reads one column, <c>features</c> (a vector) or <c>image</c>.
/// </summary>
internal static class OnnxModelFile
{
    /// <summary>The version that a file holds.</summary>
    public static BuiltModel Read(
        byte[] file, ModelFileSyntax clauses, SourcePosition position, ExecutionContext context)
    {
        ModelPackage package = OnnxModels.Read(file, context);
        Model model = package.Model;
        TensorShape shape = OnnxModels.InputOf(model);
        IReadOnlyList<ModelColumn> inputs = clauses.Inputs.Count > 0
            ? InputsOf(clauses, shape, position)
            : [UsualInput(shape)];
        (string target, DataType type) = TargetOf(clauses, package, position);
        FeatureColumn[] columns =
            [.. inputs.Select(static it => ModelRows.ColumnOf(it.Name, it.Type))];
        ModelFacts facts = ModelFacts.Of(package.Facts) with
        {
            Recipe = model.Architecture,
            WeightHash = OnnxModels.HashOf(model),
            CreatedMicroseconds = context.NowMicroseconds,
        };
        var info = new ModelVersionInfo
        {
            Number = 1,
            Identity = "",
            Task = model.Task,
            Target = target,
            TargetType = type,
            FlopPerRow = model.FlopPerRow,
            EmbeddingLength = EmbeddingModel.LengthOf(model),
            Inputs = inputs,
        };
        return new BuiltModel(
            package with
            {
                Pipeline = FeaturePipeline.Fit(columns, [.. columns.Select(SpecOf)], []),
                Facts = facts.ToTexts(),
            },
            info,
            facts,
            []);
    }

    private static ModelColumn UsualInput(TensorShape shape)
    {
        bool isImage = shape.Height > 1 && shape.Channels is 1 or 3 or 4;
        if (!isImage && shape.Length > Limits.VectorDimensionMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"The ONNX network reads {shape.Length} numbers; a vector has at most "
                + $"{Limits.VectorDimensionMax}.");
        }

        return isImage
            ? new ModelColumn(
                "image", DataType.ImageOf(shape.Height, shape.Width, shape.Channels))
            : new ModelColumn("features", DataType.VectorOf(shape.Length));
    }

    private static ModelColumn[] InputsOf(
        ModelFileSyntax clauses, TensorShape shape, SourcePosition position)
    {
        ModelColumn[] inputs = [.. clauses.Inputs.Select(static it =>
            new ModelColumn(it.Name.Name, TypeNames.Resolve(it.Type)))];
        string? twice = inputs.GroupBy(static it => it.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(static group => group.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new NeuroStoreException(
                ErrorCode.DuplicateName, $"INPUT names {twice} twice.", position);
        }

        int length = 0;
        foreach (ModelColumn input in inputs)
        {
            FeatureColumn column = ModelRows.ColumnOf(input.Name, input.Type);
            bool isNumbers = column.Kind is ColumnKind.Number
                || (column.Kind is ColumnKind.Vector && column.Shape.Length > 0);
            bool isImage = column.Kind is ColumnKind.Image && inputs.Length == 1
                && column.Shape == shape;
            length += isNumbers || isImage ? column.Shape.Length : throw Wrong(
                $"the network cannot read {input.Name} {input.Type}; it takes numbers, vectors of "
                + $"a fixed length, or one image of {shape}",
                position);
        }

        return length == shape.Length ? inputs : throw Wrong(
            $"INPUT gives {length} numbers, and the network reads {shape.Length}", position);
    }

    private static (string Name, DataType Type) TargetOf(
        ModelFileSyntax clauses, ModelPackage package, SourcePosition position)
    {
        bool isClassifier = package.Model.Task == ModelTask.Classifier;
        if (clauses.Outputs.Count == 0)
        {
            return (isClassifier ? "label" : "", isClassifier ? DataType.Text : DataType.Double);
        }

        DataType type = TypeNames.Resolve(clauses.Outputs[0].Type);
        bool fits = clauses.Outputs.Count == 1 && (isClassifier
            ? ModelLabels.CanBeLabel(type) : type.Kind is TypeKind.Double or TypeKind.Real);
        if (!fits)
        {
            throw Wrong(
                isClassifier ? "OUTPUT of a classifier is one column of the type of its labels"
                    : "OUTPUT of a network that gives numbers is one column of DOUBLE PRECISION",
                position);
        }

        foreach (string label in isClassifier ? package.Labels : [])
        {
            // A label that is no value of the type is an error here, not at the first prediction.
            _ = ModelLabels.ValueOf(label, type);
        }

        return (clauses.Outputs[0].Name.Name, isClassifier ? type : DataType.Double);
    }

    private static TransformSpec SpecOf(FeatureColumn column) => new(
        column.Kind is ColumnKind.Image ? TransformKind.Image : TransformKind.Identity,
        column.Name);

    private static NeuroStoreException Wrong(string what, SourcePosition position) =>
        new(ErrorCode.InvalidModel, $"The file cannot be imported so: {what}.", position);
}
