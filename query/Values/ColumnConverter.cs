namespace NeuroDb.Query;

/// <summary>
/// Converts columns between types; the pairs allowed are in <see cref="Coercion"/>.
/// </summary>
internal static class ColumnConverter
{
    /// <summary>
    /// Converts every value of a column; raises typed errors for values that do not.
    /// </summary>
    public static ColumnBuffer Convert(
        ColumnBuffer source, DataType target, CastKind kind, SourcePosition position)
    {
        DataType from = source.Type;
        if (from == target)
        {
            return source;
        }

        if (from.Kind == TypeKind.Null)
        {
            return ColumnLoops.AllNull(target, source.Count);
        }

        if (from.Physical == target.Physical && KeepsValues(from, target))
        {
            return source.WithType(target);
        }

        if (source is ColumnBuffer<long> integers && target.Physical == PhysicalKind.Double
            && kind != CastKind.Assignment && target.Kind != TypeKind.Real)
        {
            return ToDouble(integers, target);
        }

        ColumnBuilder builder = ColumnBuilder.Create(target, source.Count);
        for (int i = 0; i < source.Count; i++)
        {
            builder.Append(
                ValueConverter.Convert(source.GetValue(i), from, target, kind, position));
        }

        return builder.Build();
    }

    private static ColumnBuffer<double> ToDouble(ColumnBuffer<long> source, DataType target)
    {
        ReadOnlySpan<long> values = source.Values;
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = values[i];
        }

        return new ColumnBuffer<double>(target, result, 0, result.Length, source.Nulls);
    }

    private static bool KeepsValues(DataType from, DataType to) => (from.Kind, to.Kind) switch
    {
        (TypeKind.Boolean, TypeKind.Integer or TypeKind.BigInt) => true,
        (TypeKind.Integer, TypeKind.BigInt) => to.Length == 0,
        (TypeKind.Integer, TypeKind.Integer) => to.Length == 0,
        (TypeKind.BigInt, TypeKind.BigInt) => to.Length == 0,
        (_, TypeKind.Double or TypeKind.Score or TypeKind.Distance) => true,
        (TypeKind.Decimal, TypeKind.Decimal) => to.Length == 0,
        (TypeKind.Json or TypeKind.Text, TypeKind.Text) => true,
        (TypeKind.BitString, TypeKind.Text) => true,
        (TypeKind.BitString, TypeKind.BitString) => to.Length == 0,
        (TypeKind.Enum, TypeKind.Enum) => to.Labels.Take(from.Labels.Count)
            .SequenceEqual(from.Labels),
        (TypeKind.TimestampTz, TypeKind.Timestamp) => true,
        (TypeKind.Timestamp, TypeKind.TimestampTz) => true,
        (TypeKind.Blob, TypeKind.Blob) => !to.IsEncoded
            || (to.IsImage && from.IsImage) || (to.IsAudio && from.IsAudio),
        _ when from.IsVector => from.Kind == to.Kind && to.Length == 0,
        _ => false,
    };
}
