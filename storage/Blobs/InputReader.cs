using System.Text;

namespace NeuroDb.Storage;

/// <summary>
/// Reads streams and readers that come as values: short ones into memory, others into files while
/// they are read, so that memory does not grow with them.
/// </summary>
internal static class InputReader
{
    private const int BufferSizeBytes = 64 * 1024;

    /// <summary>Reads an input; a large one becomes a large value of the transaction.</summary>
    public static Value Read(
        LargeInput input, TransactionLargeValues values, CancellationToken cancellation) =>
        input.Bytes is not null
            ? ReadBytes(input.Bytes, values, cancellation)
            : ReadText(input.Text!, values, cancellation);

    /// <summary>Reads an input into memory.</summary>
    public static Value ReadWhole(LargeInput input, CancellationToken cancellation)
    {
        if (input.Text is not null)
        {
            var text = new StringBuilder();
            var piece = new char[BufferSizeBytes];
            int length;
            while ((length = input.Text.ReadBlock(piece)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                LargeValue.CheckSize(text.Length + (long)length, Limits.ValueSizeBytesMax / 3);
                text.Append(piece, 0, length);
            }

            return Value.Of(text.ToString());
        }

        using var bytes = new MemoryStream();
        var buffer = new byte[BufferSizeBytes];
        int size;
        while ((size = input.Bytes!.Read(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            LargeValue.CheckSize(bytes.Length + size, Limits.ValueSizeBytesMax);
            bytes.Write(buffer, 0, size);
        }

        return Value.Of(bytes.ToArray());
    }

    private static Value ReadBytes(
        Stream stream, TransactionLargeValues values, CancellationToken cancellation)
    {
        var buffer = new byte[BufferSizeBytes];
        int size = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (size < Limits.LargeValueSizeBytesMin)
        {
            return Value.Of(buffer.AsSpan(0, size).ToArray());
        }

        using LargeValueWriter writer = values.Create();
        while (size > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Write(buffer.AsSpan(0, size));
            size = stream.Read(buffer);
        }

        return Value.OfLarge(TypeKind.Blob, values.Take(writer.Complete()));
    }

    private static Value ReadText(
        TextReader reader, TransactionLargeValues values, CancellationToken cancellation)
    {
        var start = new char[BufferSizeBytes];
        int length = reader.ReadBlock(start);
        if (length < start.Length)
        {
            // What is short in characters may be large in bytes: then its row puts it aside.
            return Value.Of(new string(start, 0, length));
        }

        using LargeValueWriter writer = values.Create();
        long count = TextPieces.Write(writer, start, reader, cancellation);
        return Value.OfLarge(TypeKind.Text, values.Take(writer.Complete(count)));
    }
}
