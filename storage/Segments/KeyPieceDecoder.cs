using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>Reads a piece of a key run and checks that it is one.</summary>
internal static class KeyPieceDecoder
{
    /// <summary>Reads a piece.</summary>
    /// <param name="pages">The file.</param>
    /// <param name="extent">Which extent.</param>
    /// <param name="count">The entries that it must have.</param>
    /// <param name="first">The code that must come first.</param>
    /// <param name="bound">The code that no entry exceeds.</param>
    /// <param name="rowCount">The rows of the segment.</param>
    public static KeyPiece Decode(
        SegmentPages pages, int extent, int count, ulong first, ulong bound, long rowCount)
    {
        Invariant.Check(count is > 0 and <= KeyRun.PieceEntryCount);
        var codes = new ulong[count];
        Span<long> rows = stackalloc long[count];
        using var cursor = new ExtentCursor(pages, extent);
        BlockReader block = cursor.TakeBlock(cursor.Remaining);
        IntegerDecoder.Decode(
            ref block,
            MemoryMarshal.Cast<ulong, long>(codes.AsSpan()),
            isDouble: false,
            out SegmentEncoding encoding);
        IntegerDecoder.Decode(ref block, rows);
        block.Check(
            block.Remaining == 0 && encoding == pages.ExtentAt(extent).Encoding,
            "bytes behind the entries");
        var ordinals = new int[count];
        ulong previous = first;
        bool isRight = codes[0] == first && codes[^1] <= bound;
        for (int i = 0; i < count; i++)
        {
            isRight &= codes[i] >= previous && (ulong)rows[i] < (ulong)rowCount;
            previous = codes[i];
            ordinals[i] = (int)rows[i];
        }

        block.Check(isRight, "key entries that do not ascend");
        return new KeyPiece(codes, ordinals);
    }
}
