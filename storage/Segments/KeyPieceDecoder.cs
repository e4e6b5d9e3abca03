using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>Reads a piece of a key run and checks that it is one.</summary>
internal static class KeyPieceDecoder
{
    /// <summary>Reads a piece.</summary>
    /// <param name="pages">The file.</param>
    /// <param name="extent">Which extent.</param>
    /// <param name="codes">Takes the codes: as many as it must have.</param>
    /// <param name="ordinals">Takes the rows of the codes.</param>
    /// <param name="first">The code that must come first.</param>
    /// <param name="bound">The code that no entry exceeds.</param>
    /// <param name="rowCount">The rows of the segment.</param>
    public static void Decode(
        SegmentPages pages, int extent, Span<ulong> codes, Span<int> ordinals, ulong first,
        ulong bound, long rowCount)
    {
        int count = codes.Length;
        Invariant.Check(count is > 0 and <= KeyRun.PieceEntryCount && ordinals.Length == count);
        Span<long> rows = stackalloc long[count];
        using var cursor = new ExtentCursor(pages, extent);
        BlockReader block = cursor.TakeBlock(cursor.Remaining);
        IntegerDecoder.Decode(
            ref block,
            MemoryMarshal.Cast<ulong, long>(codes),
            isDouble: false,
            out SegmentEncoding encoding);
        IntegerDecoder.Decode(ref block, rows);
        block.Check(
            block.Remaining == 0 && encoding == pages.ExtentAt(extent).Encoding,
            "bytes behind the entries");
        ulong previous = first;
        bool isRight = codes[0] == first && codes[^1] <= bound;
        for (int i = 0; i < count; i++)
        {
            isRight &= codes[i] >= previous && (ulong)rows[i] < (ulong)rowCount;
            previous = codes[i];
            ordinals[i] = (int)rows[i];
        }

        block.Check(isRight, "key entries that do not ascend");
    }
}
