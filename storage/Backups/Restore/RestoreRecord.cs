namespace NeuroDb.Storage;

/// <summary>What a restore looks at in a record of the log: the rest is copied as it is.</summary>
/// <param name="Kind">What the record is.</param>
/// <param name="Commit">The timestamp of a commit.</param>
/// <param name="Moment">Its moment; 0 if it has none.</param>
/// <param name="Transaction">The transaction in parts that it belongs to; 0 if to none.</param>
internal readonly record struct RestoreRecord(
    RecordKind Kind, long Commit, long Moment, long Transaction)
{
    /// <summary>Reads the head of a record.</summary>
    public static RestoreRecord Read(ReadOnlyMemory<byte> record, string path)
    {
        var reader = new RecordReader(path);
        reader.Start(record, "a record of the log");
        var kind = (RecordKind)reader.ReadByte();
        byte version = reader.ReadByte();
        reader.Check(
            version is RecordFormat.Version or RecordFormat.VersionWithoutMoment,
            "a record version");
        reader.Check(reader.ReadByte() == 0 && reader.ReadByte() == 0, "reserved bytes of 0");
        long first = reader.ReadInt64();
        bool isCommit = kind is RecordKind.Commit or RecordKind.CommitOfParts;
        long moment = isCommit && version > RecordFormat.VersionWithoutMoment
            ? reader.ReadInt64()
            : 0;
        return kind switch
        {
            RecordKind.Commit => new RestoreRecord(kind, first, moment, 0),
            RecordKind.CommitOfParts => new RestoreRecord(
                kind, first, moment, reader.ReadInt64()),
            RecordKind.Part or RecordKind.AbandonParts => new RestoreRecord(kind, 0, 0, first),
            _ => throw reader.Bad($"a record of unknown kind {(byte)kind}"),
        };
    }
}
