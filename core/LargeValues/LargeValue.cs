using System.Globalization;
using System.Text;

namespace NeuroDb;

/// <summary>
/// A value that lies in a file of its own, as it travels in the place of its bytes: it is read
/// where somebody asks for them.
/// </summary>
/// <param name="Reference">Names it.</param>
/// <param name="Source">Opens it.</param>
internal sealed record LargeValue(LargeReference Reference, ILargeValues Source)
{
    private const int PieceSizeBytes = 1 << 20;

    /// <summary>Opens the value.</summary>
    public ILargeValueReader Open() => Source.Open(Reference);

    /// <summary>The whole value as bytes.</summary>
    /// <param name="sizeBytesMax">The largest that may be brought into memory.</param>
    public byte[] ReadBytes(long sizeBytesMax = Limits.ValueSizeBytesMax)
    {
        CheckSize(Reference.SizeBytes, sizeBytesMax);
        using ILargeValueReader reader = Open();
        var bytes = GC.AllocateUninitializedArray<byte>((int)Reference.SizeBytes);
        for (int at = 0; at < bytes.Length;)
        {
            int size = reader.Read(
                at, bytes.AsSpan(at, Math.Min(PieceSizeBytes, bytes.Length - at)));
            Invariant.Check(size > 0, "a large value has the length of its reference");
            at += size;
        }

        return bytes;
    }

    /// <summary>The whole value as text.</summary>
    /// <param name="sizeBytesMax">The largest that may be brought into memory.</param>
    public string ReadText(long sizeBytesMax = Limits.ValueSizeBytesMax) =>
        Encoding.UTF8.GetString(ReadBytes(sizeBytesMax));

    /// <summary>Refuses to bring more into memory than a limit.</summary>
    public static void CheckSize(long sizeBytes, long sizeBytesMax)
    {
        if (sizeBytes > sizeBytesMax)
        {
            throw new ResourceLimitException(ErrorCode.ResourceLimit, string.Create(
                CultureInfo.InvariantCulture,
                $"Large values of {sizeBytes} bytes would have to be in memory at once, and the "
                + $"limit is {sizeBytesMax}. Read them through GetStream or OpenBlob, or use "
                + $"length, octet_length and substr, which read only what they need."));
        }
    }
}
