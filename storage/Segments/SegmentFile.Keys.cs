namespace NeuroDb.Storage;

/// <summary>How the runs of the keys are read.</summary>
internal sealed partial class SegmentFile
{
    /// <summary>How many keys have a sorted run.</summary>
    public int KeyCount => _keys.Length;

    /// <summary>The sorted run of a key of the schema, by its place there.</summary>
    public KeyRun Key(int key) => _keys[key];

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
        LearnedKeyRun run = ReadLearned(_directory.Keys[slot]);
        sizeBytes = run.SizeBytes;
        return run;
    }

    // Piece by piece into its place: pieces of their own would be as much again.
    private LearnedKeyRun ReadLearned(KeyRecord key)
    {
        var codes = new FlatArray<ulong>(key.EntryCount, isReleased: true);
        var ordinals = new FlatArray<int>(key.EntryCount, isReleased: true);
        bool isWhole = false;
        try
        {
            for (int piece = 0; piece < key.PieceCount; piece++)
            {
                int start = piece * KeyRun.PieceEntryCount;
                int count = key.CountOf(piece);
                ReadPiece(
                    key, piece, codes.Span.Slice(start, count), ordinals.Span.Slice(start, count));
            }

            isWhole = true;
            return new LearnedKeyRun(codes, ordinals);
        }
        finally
        {
            if (!isWhole)
            {
                codes.Release();
                ordinals.Release();
            }
        }
    }

    private KeyPiece ReadPiece(int fence)
    {
        KeyRecord key = _directory.Keys.Last(
            record => record.FirstFence <= fence && record.PieceCount > 0);
        int number = fence - key.FirstFence;
        int count = key.CountOf(number);
        var piece = new KeyPiece(new ulong[count], new int[count]);
        ReadPiece(key, number, piece.Codes, piece.Ordinals);
        return piece;
    }

    private void ReadPiece(KeyRecord key, int piece, Span<ulong> codes, Span<int> ordinals)
    {
        int fence = key.FirstFence + piece;
        bool isLast = piece == key.PieceCount - 1;
        ulong bound = isLast ? key.CodeMax : _directory.Fences[fence + 1];
        KeyPieceDecoder.Decode(
            _pages, key.FirstExtent + piece, codes, ordinals, _directory.Fences[fence], bound,
            RowCount);
    }
}
