using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Reads TRANSFORM: calls such as hash(name, 32), each of a column of the query.</summary>
internal sealed class TransformBinder(IReadOnlyList<ModelColumn> inputs, SourcePosition position)
{
    private const int ImageSideMax = 1024;

    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["standard_scaler"] = "standard_scale",
        ["min_max_scale"] = "min_max",
        ["min_max_scaler"] = "min_max",
        ["hash_buckets"] = "hash",
        ["one_hot_encoder"] = "one_hot",
        ["ordinal_encoder"] = "ordinal",
    };

    private readonly List<TransformSpec> _specs = [];
    private readonly FeatureColumn[] _features =
        [.. inputs.Select(it => ModelRows.ColumnOf(it.Name, it.Type))];

    /// <summary>The transforms.</summary>
    public IReadOnlyList<TransformSpec> Specs => _specs;

    /// <summary>The raw features; images have the size that was asked for.</summary>
    public IReadOnlyList<FeatureColumn> Features => _features;

    /// <summary>
    /// Reads the items, and checks that every column has a transform that takes it.
    /// </summary>
    public void Bind(IReadOnlyList<ModelTransformSyntax> items)
    {
        if (inputs.FirstOrDefault(static it => !ModelRows.CanRead(it.Type)) is { } unreadable)
        {
            throw Wrong(
                $"The feature {unreadable.Name} is of type {unreadable.Type}, which no model "
                + "reads; CAST it to a number, a text or a vector.");
        }

        foreach (ModelTransformSyntax item in items)
        {
            Bind(item);
        }

        for (int i = 0; i < _features.Length; i++)
        {
            FeatureColumn feature = _features[i];
            if (feature.Kind == ColumnKind.Audio && feature.Shape.IsFlat)
            {
                _specs.Add(LogMelBinder.Usual(ref _features[i], inputs[i].Type));
            }

            if (feature.Kind == ColumnKind.Image && feature.Shape.IsFlat)
            {
                throw Wrong(
                    $"The feature {feature.Name} has images of no fixed size. Add TRANSFORM "
                    + $"(image({feature.Name}, 28, 28, 1)) with a height, a width and channels.");
            }

            if (feature.Kind == ColumnKind.Vector && feature.Shape.Length == 0)
            {
                throw Wrong(
                    $"The feature {feature.Name} is a VECTOR of no fixed dimension; CAST it to "
                    + "VECTOR(n).");
            }
        }
    }

    private void Bind(ModelTransformSyntax item)
    {
        if (item.Expression is ColumnReferenceSyntax bare)
        {
            _specs.Add(new TransformSpec(
                TransformKind.Identity, _features[Find(bare.Name)].Name));
            return;
        }

        if (item.Expression is not FunctionCallSyntax { Query: null, Over: null } call
            || call.Arguments.Count == 0
            || call.Arguments[0].Value is not ColumnReferenceSyntax column)
        {
            throw SyntaxErrors.At(
                item.Position, "TRANSFORM takes calls such as one_hot(column) or hash(column, 32)");
        }

        string name = call.Name.Last.ToLowerInvariant();
        TransformKind kind =
            TransformSpec.KindOf(OtherNames.GetValueOrDefault(name, name));
        int at = Find(column.Name);
        if (kind == TransformKind.LogMel && inputs[at].Type.Kind == TypeKind.Blob)
        {
            _specs.Add(LogMelBinder.Bind(call, ref _features[at], inputs[at].Type));
            return;
        }

        FeatureColumn? partner = null;
        if (kind == TransformKind.Cross)
        {
            (partner, call) = PartnerOf(call, item);
        }

        if (kind == TransformKind.DateParts)
        {
            _specs.Add(new TransformSpec(
                kind, _features[at].Name, DateSizeOf(inputs[at], call, item)));
            return;
        }

        int[] numbers = [.. call.Arguments.Skip(1).Select(it => NumberOf(it.Value, item))];
        if (kind == TransformKind.Image)
        {
            _features[at] = _features[at] with { Shape = ShapeOf(numbers, _features[at], item) };
            numbers = [];
        }

        bool takesSize = kind is TransformKind.Hash or TransformKind.Ngrams or TransformKind.Words
            or TransformKind.BagOfWords or TransformKind.NgramRatios or TransformKind.Cross
            or TransformKind.Bucketize;
        if (numbers.Length > (takesSize ? 1 : 0))
        {
            throw SyntaxErrors.At(item.Position, $"{name} has too many arguments");
        }

        _specs.Add(new TransformSpec(
            kind, _features[at].Name, numbers.Length > 0 ? numbers[0] : 0)
        {
            Partner = partner,
        });
    }

    // The second column of cross(a, b, 1024), and the call without it.
    private (FeatureColumn Partner, FunctionCallSyntax Call) PartnerOf(
        FunctionCallSyntax call, ModelTransformSyntax item)
    {
        if (call.Arguments.Count < 2
            || call.Arguments[1].Value is not ColumnReferenceSyntax column)
        {
            throw SyntaxErrors.At(item.Position, "cross takes two columns, cross(a, b, 1024)");
        }

        return (
            _features[Find(column.Name)],
            call with { Arguments = [call.Arguments[0], .. call.Arguments.Skip(2)] });
    }

    private static int DateSizeOf(
        ModelColumn column, FunctionCallSyntax call, ModelTransformSyntax item)
    {
        if (call.Arguments.Count > 1)
        {
            throw SyntaxErrors.At(item.Position, "date_parts takes one column");
        }

        return column.Type.Kind switch
        {
            TypeKind.Date => 1,
            TypeKind.Timestamp or TypeKind.TimestampTz => DateFeature.TimeSize,
            _ => throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"date_parts takes a DATE, TIMESTAMP or TIMESTAMPTZ, and {column.Name} is of type "
                + $"{column.Type}.",
                item.Position),
        };
    }

    private static TensorShape ShapeOf(
        int[] numbers, FeatureColumn feature, ModelTransformSyntax item)
    {
        int channels = feature.Shape.Channels is 1 or 3 && !feature.Shape.IsFlat
            ? feature.Shape.Channels : 3;
        TensorShape shape = numbers.Length switch
        {
            0 => feature.Shape,
            1 => new TensorShape(numbers[0], numbers[0], channels),
            2 => new TensorShape(numbers[0], numbers[1], channels),
            _ => new TensorShape(numbers[0], numbers[1], numbers[2]),
        };
        bool isRight = numbers.Length <= 3 && shape.Channels is 1 or 3
            && shape.Height <= ImageSideMax && shape.Width <= ImageSideMax;
        return isRight ? shape : throw SyntaxErrors.At(
            item.Position,
            $"image takes a height and a width up to {ImageSideMax}, and 1 or 3 channels");
    }

    private static int NumberOf(ExpressionSyntax value, ModelTransformSyntax item) =>
        value is LiteralExpressionSyntax { Kind: LiteralKind.Integer } literal
        && int.TryParse(
            literal.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number is > 0 and <= 1 << 24
            ? number
            : throw SyntaxErrors.At(item.Position, "transforms take whole numbers from 1");

    private int Find(NameSyntax name)
    {
        int at = Array.FindIndex(_features, it =>
            string.Equals(it.Name, name.Last, StringComparison.OrdinalIgnoreCase));
        return at >= 0 ? at : throw new NeuroStoreException(
            ErrorCode.UnknownColumn,
            $"There is no feature {name.Text} to transform."
            + NearMatch.Hint(name.Last, _features.Select(static it => it.Name)),
            name.Position);
    }

    private NeuroStoreException Wrong(string message) =>
        new(ErrorCode.InvalidModel, message, position);
}
