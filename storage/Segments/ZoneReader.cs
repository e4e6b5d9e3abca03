namespace NeuroDb.Storage;

/// <summary>Reads the bounds that <see cref="ZoneWriter"/> noted.</summary>
internal static class ZoneReader
{
    /// <summary>Reads the bounds of one extent of a column.</summary>
    /// <param name="reader">Exactly its bytes.</param>
    /// <param name="type">The type of the column.</param>
    /// <param name="minimum">The lower bound.</param>
    /// <param name="maximum">The upper bound.</param>
    public static void Read(
        ref BlockReader reader, DataType type, out Value minimum, out Value maximum)
    {
        minimum = ReadOne(ref reader, type);
        maximum = ReadOne(ref reader, type);
        reader.Check(reader.Remaining == 0, "bytes behind the bounds of a column");
    }

    private static Value ReadOne(ref BlockReader reader, DataType type)
    {
        switch (type.Physical)
        {
            case PhysicalKind.Int64:
                return Value.OfInt64(type.Kind, reader.Read<long>());
            case PhysicalKind.Double:
                return Value.OfDouble(type.Kind, reader.Read<double>());
            case PhysicalKind.Decimal:
                decimal number = reader.Read<decimal>();
                ScaledEncoding.CheckAll(ref reader, new ReadOnlySpan<decimal>(in number));
                return Value.Of(number);
            case PhysicalKind.Uuid:
                return Value.Of(reader.Read<Guid>());
            case PhysicalKind.Text:
                return Value.OfText(type.Kind, ReadText(ref reader));
            default:
                throw reader.Bad("bounds of a type that has none");
        }
    }

    private static string ReadText(ref BlockReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.Take(reader.Read<ushort>());
        try
        {
            return TextEncoding.Strict.GetString(bytes);
        }
        catch (ArgumentException)
        {
            throw reader.Bad("bytes that are no UTF-8");
        }
    }
}
