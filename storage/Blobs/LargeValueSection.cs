using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// The section of a manifest with the large values that its segments refer to: what a copy of the
/// database takes along, and what an opening must find.
/// </summary>
internal static class LargeValueSection
{
    /// <summary>The bytes of an entry.</summary>
    public const int EntrySizeBytes = sizeof(long) + LargeReference.FieldsSizeBytes;

    /// <summary>Writes the section; nothing where there are none.</summary>
    public static void Encode(
        IBufferWriter<byte> writer, IReadOnlyList<SegmentLargeValue> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        writer.WriteByte((byte)ManifestSection.LargeValues);
        writer.WriteInt32(values.Count);
        foreach (SegmentLargeValue value in values)
        {
            writer.WriteInt64(value.SegmentId);
            value.Reference.Write(writer.GetSpan(LargeReference.FieldsSizeBytes));
            writer.Advance(LargeReference.FieldsSizeBytes);
        }
    }

    /// <summary>Reads the section, whose mark is read already.</summary>
    public static SegmentLargeValue[] Decode(RecordReader reader, Manifest manifest)
    {
        int bound = (int)(reader.Remaining / EntrySizeBytes);
        var values = new SegmentLargeValue[reader.ReadCount(bound, "large values")];
        reader.Check(values.Length > 0, "a large value");
        HashSet<long> segments = [.. manifest.Tables
            .SelectMany(static table => table.Parts)
            .Select(static part => part.SegmentId)];
        var known = new Dictionary<long, LargeReference>();
        Span<byte> fields = stackalloc byte[LargeReference.FieldsSizeBytes];
        for (int i = 0; i < values.Length; i++)
        {
            long segment = reader.ReadInt64();
            reader.Read(fields);
            reader.Check(
                LargeReference.TryRead(fields, out LargeReference reference)
                && reference.Number <= manifest.LastSegmentId
                && (known.TryAdd(reference.Number, reference)
                    || known[reference.Number] == reference),
                "a reference to a large value");
            values[i] = new SegmentLargeValue(segment, reference);
            reader.Check(
                segments.Contains(segment)
                && (i == 0
                    || segment > values[i - 1].SegmentId
                    || (segment == values[i - 1].SegmentId
                        && reference.Number > values[i - 1].Reference.Number)),
                "large values in their order");
        }

        return values;
    }
}
