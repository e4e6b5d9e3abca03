using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>A log on a disk in memory, so small that few bytes cross every boundary.</summary>
internal static class LogFixture
{
    /// <summary>The directory of the log.</summary>
    public const string Directory = "/db/wal";

    /// <summary>The watermark file.</summary>
    public const string Watermark = Directory + "/watermark";

    /// <summary>
    /// Pages of four blocks, segments of four pages; unordered groups from 35,000 bytes on.
    /// </summary>
    public static readonly RecordLogOptions Small =
        new(16 * 1024, 64 * 1024, 16 * 1024, UnorderedSizeBytesMin: 35_000);

    /// <summary>The database that the logs belong to.</summary>
    public static readonly Guid DatabaseId = new("6f2c1a52-27a4-4d0e-9a57-0c8d4f5b7e11");

    /// <summary>The path of a segment.</summary>
    public static string Segment(int number) => LogSegments.PathOf(Directory, number);

    /// <summary>The seams around a disk, with everything else repeatable.</summary>
    public static SystemSeams Seams(IFileSystem files) =>
        new(files, TimeProvider.System, new SeededRandomSource(1), new InlineWorkers());

    /// <summary>Makes a log and opens it.</summary>
    public static RecordLog Create(IFileSystem files, RecordLogOptions? options = null) =>
        Create(Seams(files), Directory, options ?? Small);

    /// <summary>Makes a log somewhere and opens it.</summary>
    public static RecordLog Create(
        SystemSeams seams, string directory, RecordLogOptions options, LogStart? start = null)
    {
        LogStart begin = start ?? LogStart.New(options);
        RecordLog.Create(seams, directory, DatabaseId, begin, options);
        return RecordLog.Open(
            seams, directory, DatabaseId, begin, options, new RecordCollector());
    }

    /// <summary>Opens a log; one of small sizes unless the start says otherwise.</summary>
    public static RecordLog Open(
        IFileSystem files, RecordCollector replay, LogStart? start = null) => RecordLog.Open(
            Seams(files), Directory, DatabaseId, start ?? LogStart.New(Small), Small, replay);

    /// <summary>Opens and closes a log and gives its records.</summary>
    public static List<byte[]> Records(IFileSystem files, LogStart? start = null)
    {
        var replay = new RecordCollector();
        Open(files, replay, start).Dispose();
        return replay.Records;
    }

    /// <summary>Verifies and reads a log without writing anything.</summary>
    public static List<byte[]> Scan(IFileSystem files, LogStart? start = null)
    {
        var replay = new RecordCollector();
        LogScanner.Scan(
            files, Directory, DatabaseId, start ?? LogStart.New(Small), replay);
        return replay.Records;
    }

    /// <summary>Puts a record into a group.</summary>
    public static void Add(LogGroup group, ReadOnlySpan<byte> record)
    {
        group.BeginRecord();
        record.CopyTo(group.GetSpan(record.Length));
        group.Advance(record.Length);
        group.EndRecord();
    }

    /// <summary>Writes one group.</summary>
    public static void Write(RecordLog log, params byte[][] records)
    {
        var group = new LogGroup();
        foreach (byte[] record in records)
        {
            Add(group, record);
        }

        log.Write(group);
    }

    /// <summary>A record of that many bytes that tells where it stands.</summary>
    public static byte[] Record(int number, int length)
    {
        var random = new SeededRandomSource((ulong)number + 1);
        byte[] record = new byte[length];
        for (int i = 0; i < length; i++)
        {
            record[i] = (byte)random.NextUInt64();
        }

        return record;
    }
}
