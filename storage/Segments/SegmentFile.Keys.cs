namespace NeuroDb.Storage;

/// <summary>How the runs of the keys are read.</summary>
internal sealed partial class SegmentFile
{
    /// <summary>
    /// Has something long read on another thread, while the file is part of a table; false if
    /// nobody does it.
    /// </summary>
    public bool TryReadSoon(Action read) => Store?.ReadSoon?.Invoke(this, read) ?? false;

    /// <summary>Reads what lookups by keys will ask for.</summary>
    public void PrepareKeys()
    {
        foreach (KeyRun key in _keys)
        {
            key.Prepare();
        }
    }

    KeyPiece IBufferSource<KeyPiece>.Load(int slot, out long sizeBytes)
    {
        KeyPiece piece = ReadPiece(slot);
        sizeBytes = piece.SizeBytes;
        return piece;
    }

    LearnedKeyRun IBufferSource<LearnedKeyRun>.Load(int slot, out long sizeBytes)
    {
        LearnedKeyRun run = _keys[slot].ReadLearned();
        sizeBytes = run.SizeBytes;
        return run;
    }

    private KeyPiece ReadPiece(int fence)
    {
        KeyRecord key = _directory.Keys.Last(
            record => record.FirstFence <= fence && record.PieceCount > 0);
        int piece = fence - key.FirstFence;
        int count = Math.Min(
            KeyRun.PieceEntryCount, key.EntryCount - (piece * KeyRun.PieceEntryCount));
        bool isLast = piece == key.PieceCount - 1;
        ulong bound = isLast ? key.CodeMax : _directory.Fences[fence + 1];
        return KeyPieceDecoder.Decode(
            _pages, key.FirstExtent + piece, count, _directory.Fences[fence], bound, RowCount);
    }
}
