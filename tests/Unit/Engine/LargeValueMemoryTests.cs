using System.Diagnostics;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Large values pass through little memory. NEUROSTORE_LARGE_MIB sets their size; where it is set,
/// the test runs alone and the peak of the whole process is looked at too.
/// </summary>
public sealed class LargeValueMemoryTests
{
    private const int DefaultSizeMiB = 256;
    private const long AllocatedBytesMax = 8L << 20;
    private const long PeakBytesMax = 64L << 20;

    [Fact]
    public void A_large_blob_is_written_and_read_with_a_few_buffers()
    {
        string? wanted = Environment.GetEnvironmentVariable("NEUROSTORE_LARGE_MIB");
        long size = (wanted is null ? DefaultSizeMiB : long.Parse(wanted, null)) << 20;
        using var folder = new TemporaryFolder();
        using NeuroStore store = NeuroStore.Open(Path.Combine(folder.Path, "db"));
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)");
        _ = RoundTrip(session, 1, 1 << 20);
        long peak = Peak();
        Assert.InRange(RoundTrip(session, 2, size), 0, AllocatedBytesMax);
        if (wanted is not null)
        {
            Assert.InRange(Peak() - peak, 0, PeakBytesMax);
        }
    }

    [Fact]
    public void A_statement_that_only_passes_a_value_on_does_not_read_it()
    {
        const long Size = 64L << 20;
        using var folder = new TemporaryFolder();
        using NeuroStore store = NeuroStore.Open(Path.Combine(folder.Path, "db"));
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, n INTEGER)");
        session.Execute("CREATE TABLE u (id INTEGER, b BLOB)");
        session.Execute("INSERT INTO t VALUES (1, ?, 0)", new RepeatedStream(Size));
        foreach (string sql in new[]
        {
            "UPDATE t SET n = 1",
            "INSERT INTO u SELECT id, b FROM t",
            "INSERT INTO u SELECT x.id, x.b FROM t x JOIN u y ON x.id = y.id ORDER BY x.id",
            "DELETE FROM t WHERE length(b) = 67108864 AND n = 1 RETURNING b",
        })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            session.Execute(sql);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < AllocatedBytesMax, $"{sql}: {allocated} bytes");
        }

        Assert.Equal(Size, session.QueryScalar<long>("SELECT max(length(b)) FROM u"));
    }

    private static long RoundTrip(Session session, int id, long size)
    {
        var source = new RepeatedStream(size);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Execute("INSERT INTO t VALUES (?, ?)", id, source);
        Assert.Equal(size, session.QueryScalar<long>("SELECT length(b) FROM t WHERE id = ?", id));
        using ResultReader reader = session.Query("SELECT b FROM t WHERE id = ?", id);
        Assert.True(reader.Read());
        using Stream stream = reader.GetStream(0);
        var buffer = new byte[128 * 1024];
        uint crc = 0;
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            crc = Crc32C.Compute(buffer.AsSpan(0, count), crc);
        }

        Assert.Equal(source.Crc, crc);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>A stream of one block again and again, and the checksum of what was read.</summary>
    private sealed class RepeatedStream(long length) : Stream
    {
        // A prime: pages of the file differ.
        private static readonly byte[] Block = NumberStream.Bytes(65_521);
        private long _position;

        public uint Crc { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            int start = (int)(_position % Block.Length);
            int size = (int)Math.Min(
                Math.Min(buffer.Length, Block.Length - start), length - _position);
            Block.AsSpan(start, size).CopyTo(buffer);
            Crc = Crc32C.Compute(buffer[..size], Crc);
            _position += size;
            return size;
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) =>
            throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();
    }
}
