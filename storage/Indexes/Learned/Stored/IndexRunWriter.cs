using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Writes the file of a run: the body page by page as it is sealed, the seals, a flush, and then
/// the header that makes it count, and another flush.
/// </summary>
internal sealed class IndexRunWriter : IDisposable
{
    private const int PieceSizeBytes = 16 * SegmentFormat.PageSizeBytes;
    private readonly IFile _file;
    private readonly PageGuard _guard;
    private readonly NativeArray<byte> _piece =
        new(PieceSizeBytes, NativeRegion.InSmallPages);
    private readonly List<byte> _seals = [];
    private long _written;
    private int _filled;

    private IndexRunWriter(IFile file, PageGuard guard)
    {
        _file = file;
        _guard = guard;
    }

    private long Position => _written + _filled;

    /// <summary>Writes a run into a new file; durable on return, but for its name.</summary>
    public static void Write(
        IFile file, PageGuard guard, in IndexRunIdentity identity, IndexRun run)
    {
        Span<byte> salt = stackalloc byte[PageGuard.SaltSizeBytes];
        guard.Start(salt);
        var layout = IndexRunLayout.Of(run);
        using var writer = new IndexRunWriter(file, guard);
        writer.WriteBody(identity, layout, run);
        Invariant.Check(writer.Position == layout.Length);
        writer.End();

        Span<byte> header = stackalloc byte[IndexRunFormat.HeaderSizeBytes];
        IndexRunFormat.WriteHeader(header, guard.SealSizeBytes, salt, layout.Length);
        file.Write(0, header);
        file.Flush();
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => _piece.Free();

    private void WriteBody(
        in IndexRunIdentity identity, in IndexRunLayout layout, IndexRun run)
    {
        LearnedModel model = run.Model;
        Span<byte> record = stackalloc byte[IndexRunFormat.RecordSizeBytes];
        record.Clear();
        identity.Write(record);
        layout.Write(record, model);
        Append(record);
        var fences = new ulong[IndexRunFormat.FenceCountOf(run.Count)];
        for (int i = 0; i < fences.Length; i++)
        {
            fences[i] = run.Codes[0][i * IndexRunFormat.FenceStride];
        }

        Append(MemoryMarshal.AsBytes(fences.AsSpan()));
        PadTo(layout.ModelKeys);
        Append(MemoryMarshal.AsBytes(model.Directory.Keys));
        Append(MemoryMarshal.AsBytes(model.Lines.AsSpan()));
        for (int column = 0; column < run.Codes.Length; column++)
        {
            PadTo(layout.Codes(column));
            Append(MemoryMarshal.AsBytes(run.Codes[column].Span));
        }

        PadTo(layout.Ordinals);
        Append(MemoryMarshal.AsBytes(run.Ordinals.Span));
        GC.KeepAlive(run);
    }

    private void PadTo(long offset)
    {
        Span<byte> zeros = stackalloc byte[IndexRunFormat.AlignmentBytes];
        zeros.Clear();
        Append(zeros[..checked((int)(offset - Position))]);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, PieceSizeBytes - _filled);
            bytes[..count].CopyTo(_piece.Span[_filled..]);
            _filled += count;
            bytes = bytes[count..];
            if (_filled == PieceSizeBytes)
            {
                WritePiece();
            }
        }
    }

    private void WritePiece()
    {
        Span<byte> seal = stackalloc byte[PageGuard.SealSizeBytesMax];
        seal = seal[.._guard.SealSizeBytes];
        long page = _written / SegmentFormat.PageSizeBytes;
        for (int start = 0; start < _filled; start += SegmentFormat.PageSizeBytes)
        {
            int length = Math.Min(SegmentFormat.PageSizeBytes, _filled - start);
            _guard.Seal(page++, _piece.Span.Slice(start, length), seal);
            _seals.AddRange(seal);
        }

        _file.Write(IndexRunFormat.HeaderSizeBytes + _written, _piece.Span[.._filled]);
        _written += _filled;
        _filled = 0;
    }

    private void End()
    {
        WritePiece();
        _file.Write(
            IndexRunFormat.HeaderSizeBytes + _written, CollectionsMarshal.AsSpan(_seals));
        _file.Flush();
    }
}
