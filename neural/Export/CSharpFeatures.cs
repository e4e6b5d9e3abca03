using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// Writes the transforms of a model: a method that takes the raw columns of a row and gives its
/// features, or null where the engine would not predict either.
/// </summary>
internal sealed class CSharpFeatures
{
    // What the methods call their own; members begin with a capital.
    private static readonly string[] Locals =
        ["x", "i", "best", "features", "output", "outputs", "place", "text", "value", "words"];

    private readonly FeaturePipeline _pipeline;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly List<string> _pieces = [];

    private CSharpFeatures(FeaturePipeline pipeline)
    {
        _pipeline = pipeline;
        for (int i = 0; i < pipeline.Columns.Count; i++)
        {
            string column = pipeline.Columns[i].Name;
            bool isPlain = column.All(char.IsAsciiLetterOrDigit) && char.IsAsciiLetter(column[0]);
            bool isTaken = char.IsAsciiLetterUpper(column[0])
                || Locals.Contains(column.TrimEnd("0123456789".ToCharArray()));
            _names[column] = isPlain
                ? "@" + column + (isTaken ? "_" : "")
                : "column_" + (i + 1).ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The parameters of a method that takes the raw columns.</summary>
    public string Parameters => string.Join(", ", _pipeline.Columns.Select(
        column => $"{TypeOf(column)} {_names[column.Name]}"));

    /// <summary>The arguments that hand such parameters on.</summary>
    public string Arguments => string.Join(", ", _pipeline.Columns.Select(
        column => _names[column.Name]));

    /// <summary>Adds the method Features and what it needs.</summary>
    public static CSharpFeatures Write(FeaturePipeline pipeline, CSharpText text)
    {
        if (pipeline.Transforms.FirstOrDefault(static it => it.Tokens is not null) is { } learned)
        {
            throw NeuralErrors.InvalidModel(
                $"The column {learned.Column.Name} is cut into learned tokens, which C# files do "
                + "not hold; export the model as native, or train it without tokenizer.");
        }

        var writer = new CSharpFeatures(pipeline);
        for (int i = 0; i < pipeline.Transforms.Count; i++)
        {
            WriteFields(pipeline.Transforms[i], i, text);
        }

        text.Line().Line(1, "/// <summary>");
        text.Line(1, "/// The features of a row; null if a value that has no place is missing.");
        foreach (FeatureColumn column in pipeline.Columns)
        {
            text.Line(1, $"/// {writer._names[column.Name].TrimStart('@')}: "
                + $"{MeaningOf(column)}");
        }

        text.Line(1, "/// </summary>");
        text.Line(1, $"public static float[]? Features({writer.Parameters})").Line(1, "{");
        text.Line(2, $"var x = new float[{CSharpText.Literal(pipeline.Output.Length)}];");
        int at = 0;
        for (int i = 0; i < pipeline.Transforms.Count; i++)
        {
            writer.WriteTransform(pipeline.Transforms[i], i, at, text);
            at += pipeline.Transforms[i].Output.Length;
        }

        text.Line(2, "foreach (float value in x)").Line(2, "{");
        text.Line(3, "if (!float.IsFinite(value))").Line(3, "{");
        text.Line(4, "return null;").Line(3, "}").Line(2, "}").Line();
        text.Line(2, "return x;").Line(1, "}");
        writer._pieces.ForEach(piece => text.Piece(piece));
        return writer;
    }

    private static string TypeOf(FeatureColumn column) => column.Kind switch
    {
        ColumnKind.Number => "double",
        ColumnKind.Text => "string?",
        _ => "float[]?",
    };

    private static string MeaningOf(FeatureColumn column) =>
        $"the column {EscapeXml(column.Name)}, " + column.Kind switch
        {
            ColumnKind.Number => "a number, NaN for NULL.",
            ColumnKind.Text => "a text.",
            ColumnKind.Vector => $"a vector of {CSharpText.Literal(column.Shape.Length)} numbers.",
            _ => $"pixels from 0 to 1, {CSharpText.Literal(column.Shape.Height)} rows of "
                + $"{CSharpText.Literal(column.Shape.Width)} with "
                + $"{CSharpText.Literal(column.Shape.Channels)} numbers each.",
        };

    private static string EscapeXml(string text) => CSharpText.Comment(text)
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal);

    private static void WriteFields(FittedTransform transform, int index, CSharpText text)
    {
        string number = CSharpText.Literal(index + 1);
        if (transform.Spec.Kind is TransformKind.OneHot or TransformKind.Ordinal)
        {
            text.Line().Texts($"Values{number}", "private", transform.Values);
        }
        else if (transform.Spec.IsPlaces)
        {
            text.Line().Floats($"PlaceWeights{number}", transform.PlaceWeights);
        }
    }

    private void WriteTransform(
        FittedTransform transform, int index, int at, CSharpText text)
    {
        string name = _names[transform.Column.Name];
        string to = $"x[{CSharpText.Literal(at)}]";
        string number = CSharpText.Literal(index + 1);
        string length = CSharpText.Literal(transform.Output.Length);
        string value = transform.Column.Kind == ColumnKind.Text ? name : $"TextOf({name})";
        string span = $"x.AsSpan({CSharpText.Literal(at)}, {length})";
        switch (transform.Spec.Kind)
        {
            case TransformKind.OneHot:
                Need(CSharpFeaturePieces.Values);
                text.Line(2, $"if (PlaceOf(Values{number}, {value}) is >= 0 and int place{number})")
                    .Line(2, "{")
                    .Line(3, $"x[{CSharpText.Literal(at)} + place{number}] = 1;")
                    .Line(2, "}").Line();
                break;
            case TransformKind.Ordinal:
                Need(CSharpFeaturePieces.Values);
                text.Line(2, $"{to} = Math.Max(-1, PlaceOf(Values{number}, {value}));");
                break;
            case TransformKind.Hash:
                Need(CSharpFeaturePieces.Values, CSharpFeaturePieces.Hash);
                string place = $"{CSharpText.Literal(at)} + (int)(Hash(text{number}) % {length})";
                text.Line(2, $"if ({value} is string text{number})").Line(2, "{")
                    .Line(3, $"x[{place}] = 1;").Line(2, "}").Line();
                break;
            case TransformKind.Ngrams or TransformKind.BagOfWords or TransformKind.NgramRatios:
                Need(
                    CSharpFeaturePieces.Hash, CSharpFeaturePieces.Words,
                    CSharpFeaturePieces.Ngrams);
                RequireValue(name, text);
                string pairs = transform.Spec.Kind == TransformKind.BagOfWords ? "false" : "true";
                text.Line(2, $"Ngrams({name}, {pairs}, PlaceWeights{number}, {span});");
                break;
            case TransformKind.Bucketize or TransformKind.TargetEncode or TransformKind.Cross
                or TransformKind.DateParts:
                throw NeuralErrors.InvalidModel(
                    $"The transform of {transform.Column.Name} is not written as C#; export the "
                    + "model as native, or as ONNX without its transforms.");
            case TransformKind.Words:
                WriteWords(name, number, span, text);
                break;
            case TransformKind.Identity or TransformKind.Image
                when transform.Column.Kind != ColumnKind.Number:
                text.Line(2, $"if ({name} == null || {name}.Length != {length})").Line(2, "{")
                    .Line(3, "return null;").Line(2, "}").Line()
                    .Line(2, $"{name}.CopyTo({span});");
                break;
            default:
                (double shift, double divisor) = transform.Scale;
                text.Line(2, $"{to} = (float)(({name} - {CSharpText.Literal(shift)}) / "
                    + $"{CSharpText.Literal(divisor)});");
                break;
        }
    }

    private void WriteWords(string name, string number, string span, CSharpText text)
    {
        Need(CSharpFeaturePieces.Hash, CSharpFeaturePieces.Words);
        RequireValue(name, text);
        string buckets = CSharpText.Literal(FittedTransform.WordBucketCount - 1);
        text.Line(2, $"List<ulong> words{number} = Words({name});")
            .Line(2, $"Span<float> output{number} = {span};")
            .Line(2, $"for (int i = 0; i < Math.Min(words{number}.Count, output{number}.Length); "
                + "i++)")
            .Line(2, "{")
            .Line(3, $"output{number}[i] = 1 + (words{number}[i] % {buckets});")
            .Line(2, "}").Line();
    }

    private static void RequireValue(string name, CSharpText text) =>
        text.Line(2, $"if ({name} == null)").Line(2, "{").Line(3, "return null;")
            .Line(2, "}").Line();

    private void Need(params string[] pieces) => _pieces.AddRange(pieces.Except(_pieces));
}
