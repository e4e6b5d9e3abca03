using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Turns batches of a query into the raw rows of a feature pipeline, by the names of their columns:
/// the one way from SQL to features, in training, prediction and evaluation alike. Immutable and
/// shared.
/// </summary>
internal sealed class ModelRows
{
    private readonly int[] _places;

    private ModelRows(IReadOnlyList<FeatureColumn> columns, int[] places)
    {
        Columns = columns;
        _places = places;
    }

    /// <summary>The columns of the pipeline.</summary>
    public IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>Whether a model can read values of a type.</summary>
    public static bool CanRead(DataType type) =>
        type.Kind is not (TypeKind.Array or TypeKind.Interval or TypeKind.Struct or TypeKind.Map
            or TypeKind.Enum or TypeKind.BitString);

    /// <summary>The raw column that a column of a query becomes.</summary>
    public static FeatureColumn ColumnOf(string name, DataType type) => KindOf(type) switch
    {
        ColumnKind.Vector => new FeatureColumn(
            name, ColumnKind.Vector, TensorShape.Flat(type.Length)),
        ColumnKind.Image => new FeatureColumn(
            name,
            ColumnKind.Image,
            type.ImageHeight > 0
                ? new TensorShape(type.ImageHeight, type.ImageWidth, type.ImageChannels)
                : TensorShape.Flat(1)),
        ColumnKind.Audio => new FeatureColumn(name, ColumnKind.Audio, TensorShape.Flat(1)),
        ColumnKind.Text => FeatureColumn.Text(name),
        _ => FeatureColumn.Number(name),
    };

    /// <summary>
    /// The reader of batches whose columns have names and types; an error if a column is missing or
    /// of a type that the model cannot take.
    /// </summary>
    /// <param name="columns">What the pipeline needs.</param>
    /// <param name="given">The columns of the batches.</param>
    /// <param name="position">The place in the statement.</param>
    public static ModelRows Bind(
        IReadOnlyList<FeatureColumn> columns,
        IReadOnlyList<ModelColumn> given,
        SourcePosition position)
    {
        var places = new int[columns.Count];
        for (int i = 0; i < places.Length; i++)
        {
            string name = columns[i].Name;
            places[i] = IndexOf(given, name);
            if (places[i] < 0)
            {
                throw new NeuroStoreException(
                    ErrorCode.UnknownColumn,
                    $"The model needs a column {name}, which is not given."
                    + NearMatch.Hint(name, given.Select(static it => it.Name)),
                    position);
            }

            Check(columns[i], given[places[i]].Type, position);
        }

        return new ModelRows(columns, places);
    }

    /// <summary>Whether a value of a type can stand for a column of a pipeline.</summary>
    public static void Check(FeatureColumn column, DataType type, SourcePosition position)
    {
        ColumnKind kind = KindOf(type);
        bool fits = type.Kind == TypeKind.Null || (kind == column.Kind && CanRead(type))
            || (column.Kind == ColumnKind.Text && kind == ColumnKind.Number)
            || (column.Kind == ColumnKind.Audio && type == DataType.Blob);
        bool hasLength = column.Kind != ColumnKind.Vector || type.Length == 0
            || type.Length == column.Shape.Length;
        if (!fits || !hasLength)
        {
            throw new NeuroStoreException(
                hasLength ? ErrorCode.TypeMismatch : ErrorCode.DimensionMismatch,
                $"The model takes {Word(column)} as {column.Name}, but {type} is given.",
                position);
        }
    }

    /// <summary>Room for rows of a batch.</summary>
    public RawRows NewRows(int countMax) => new(Columns, countMax);

    /// <summary>Fills raw rows with consecutive rows of a batch.</summary>
    public void Read(RowBatch batch, int start, int count, RawRows rows)
    {
        Invariant.Check(count <= rows.CountMax && start + count <= batch.Count);
        rows.Count = count;
        for (int i = 0; i < _places.Length; i++)
        {
            ColumnBuffer source = batch.Columns[_places[i]];
            switch (Columns[i].Kind)
            {
                case ColumnKind.Number:
                    ReadNumbers(source, start, rows.Numbers[i].AsSpan(0, count));
                    break;
                case ColumnKind.Text:
                    ReadTexts(source, start, rows.Texts[i].AsSpan(0, count));
                    break;
                case ColumnKind.Vector:
                    ReadVectors(source, start, rows.Vectors[i].AsSpan(0, count));
                    break;
                default:
                    ReadImages(source, start, rows.Images[i].AsSpan(0, count));
                    break;
            }
        }
    }

    /// <summary>The numbers of a column; NaN for NULL.</summary>
    public static void ReadNumbers(ColumnBuffer source, int start, Span<double> target)
    {
        switch (source)
        {
            case ColumnBuffer<long> whole:
                ReadOnlySpan<long> longs = whole.Values.Slice(start, target.Length);
                for (int row = 0; row < target.Length; row++)
                {
                    target[row] = longs[row];
                }

                break;
            case ColumnBuffer<double> floating:
                floating.Values.Slice(start, target.Length).CopyTo(target);
                break;
            case ColumnBuffer<decimal> exact:
                ReadOnlySpan<decimal> decimals = exact.Values.Slice(start, target.Length);
                for (int row = 0; row < target.Length; row++)
                {
                    target[row] = source.IsNull(start + row) ? 0 : (double)decimals[row];
                }

                break;
            default:
                target.Fill(double.NaN);
                break;
        }

        for (int row = 0; source.Nulls.MayHaveNulls && row < target.Length; row++)
        {
            target[row] = source.IsNull(start + row) ? double.NaN : target[row];
        }
    }

    private static void ReadTexts(ColumnBuffer source, int start, Span<string?> target)
    {
        for (int row = 0; row < target.Length; row++)
        {
            target[row] = source.IsNull(start + row) ? null
                : source is ColumnBuffer<string> texts ? texts.ValueAt(start + row)
                : TextOf(source.GetValue(start + row));
        }
    }

    // A number says the same as text whatever its type is: 3, not 3.0.
    private static string TextOf(Value value) => value.Kind switch
    {
        TypeKind.Double or TypeKind.Real or TypeKind.Score or TypeKind.Distance =>
            value.AsDouble().ToString("R", CultureInfo.InvariantCulture),
        _ => ValueText.Format(value),
    };

    private static void ReadVectors(
        ColumnBuffer source, int start, Span<ReadOnlyMemory<float>> target)
    {
        for (int row = 0; row < target.Length; row++)
        {
            target[row] = source.IsNull(start + row) ? default : source switch
            {
                ColumnBuffer<ReadOnlyMemory<float>> vectors => vectors.Values[start + row],
                ColumnBuffer<CompactVector> compact =>
                    Widen(source.Type.Kind, compact.Values[start + row]),
                _ => default,
            };
        }
    }

    private static float[] Widen(TypeKind kind, CompactVector vector)
    {
        var numbers = new float[vector.Dimension];
        CompactVector.Widen(kind, vector.Bytes.Span, numbers);
        return numbers;
    }

    private static void ReadImages(ColumnBuffer source, int start, Span<byte[]?> target)
    {
        for (int row = 0; row < target.Length; row++)
        {
            target[row] = source is ColumnBuffer<byte[]> images && !source.IsNull(start + row)
                ? images.ValueAt(start + row)
                : null;
        }
    }

    private static int IndexOf(IReadOnlyList<ModelColumn> columns, string name)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (string.Equals(columns[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    private static ColumnKind KindOf(DataType type) => type.Physical switch
    {
        PhysicalKind.Vector or PhysicalKind.CompactVector => ColumnKind.Vector,
        PhysicalKind.Blob => type.IsAudio ? ColumnKind.Audio : ColumnKind.Image,
        PhysicalKind.Text or PhysicalKind.Uuid => ColumnKind.Text,
        _ => ColumnKind.Number,
    };

    private static string Word(FeatureColumn column) => column.Kind switch
    {
        ColumnKind.Number => "a number",
        ColumnKind.Text => "a text",
        ColumnKind.Image => "an image",
        ColumnKind.Audio => "a sound",
        _ => $"a VECTOR({column.Shape.Length})",
    };
}
