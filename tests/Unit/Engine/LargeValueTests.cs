using System.Text;

namespace NeuroDb.Tests.Unit;

/// <summary>Values that lie in files of their own, as users meet them.</summary>
public sealed class LargeValueTests : IDisposable
{
    private const int Size = 300_001;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Limits.LargeValueSizeBytesMin - 1)]
    [InlineData(Limits.LargeValueSizeBytesMin)]
    [InlineData(Limits.LargeValueSizeBytesMin + 1)]
    [InlineData(2 * 1024 * 1024)]
    public void A_blob_comes_back_as_it_was_given_as_array_or_stream(int size)
    {
        byte[] bytes = NumberStream.Bytes(size);
        using (NeuroStore store = Open())
        using (Session session = store.OpenSession())
        {
            session.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)");
            session.Execute("INSERT INTO t VALUES (1, ?)", bytes);
            session.Execute("INSERT INTO t VALUES (2, ?)", new NumberStream(size));
            Check(session, bytes);
            Assert.Equal(size < Limits.LargeValueSizeBytesMin ? 0 : 2, Files().Length);
        }

        using NeuroStore again = Open();
        using Session reader = again.OpenSession();
        Check(reader, bytes);
        reader.Execute("CHECKPOINT");
        Check(reader, bytes);
        reader.Dispose();
        again.Dispose();
        Assert.Empty(NeuroStore.Verify(Database));
    }

    [Fact]
    public void A_text_comes_back_and_is_measured_in_code_points()
    {
        string text = string.Concat(Enumerable.Range(0, 40_000).Select(
            static i => i % 3 == 0 ? "\u00E9" : i % 3 == 1 ? "\U0001F600" : "a"));
        using NeuroStore store = Open();
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT)");
        session.Execute("INSERT INTO t VALUES (1, ?)", text);
        session.Execute("INSERT INTO t VALUES (2, ?)", new StringReader(text));
        Assert.Equal(2, Files().Length);
        foreach (int id in new[] { 1, 2 })
        {
            Assert.Equal(text, session.QueryScalar<string>("SELECT s FROM t WHERE id = ?", id));
            Assert.Equal(
                40_000, session.QueryScalar<long>("SELECT length(s) FROM t WHERE id = ?", id));
            Assert.Equal(
                Encoding.UTF8.GetByteCount(text),
                session.QueryScalar<long>("SELECT octet_length(s) FROM t WHERE id = ?", id));
            string end = session.QueryScalar<string>(
                "SELECT substr(s, 39996) FROM t WHERE id = ?", id)!;
            Assert.Equal(5, end.EnumerateRunes().Count());
            Assert.EndsWith(end, text, StringComparison.Ordinal);
            Assert.Equal(
                "a\u00E9\U0001F600a",
                session.QueryScalar<string>("SELECT substr(s, 3, 4) FROM t WHERE id = ?", id));
            using ResultReader reader = session.Query("SELECT s FROM t WHERE id = ?", id);
            Assert.True(reader.Read());
            using TextReader characters = reader.GetTextReader(0);
            Assert.Equal(text, characters.ReadToEnd());
        }
    }

    [Fact]
    public void Parts_of_a_blob_are_read_from_their_places()
    {
        byte[] bytes = NumberStream.Bytes(Size);
        using NeuroStore store = Open();
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)");
        session.Execute("INSERT INTO t VALUES (1, ?)", bytes);
        Assert.Equal((long)Size, session.QueryScalar<long>("SELECT length(b) FROM t"));
        Assert.Equal(
            bytes[65_530..65_550],
            session.QueryScalar<byte[]>("SELECT substr(b, 65531, 20) FROM t"));
        Assert.Equal(bytes[^5..], session.QueryScalar<byte[]>("SELECT substr(b, -5) FROM t"));
        Assert.Empty(session.QueryScalar<byte[]>("SELECT substr(b, 400000, 9) FROM t")!);
        using ResultReader reader = session.Query("SELECT b FROM t");
        Assert.True(reader.Read());
        using ValueReader blob = reader.OpenBlob(0);
        Assert.Equal(Size, blob.Length);
        var buffer = new byte[100];
        foreach (long place in new long[] { Size - 50, 131_000, 0, 65_500, Size, Size + 7 })
        {
            int expected = (int)Math.Clamp(Size - place, 0, 100);
            Assert.Equal(expected, blob.Read(place, buffer));
            Assert.Equal(
                bytes.AsSpan((int)Math.Min(place, Size), expected).ToArray(),
                buffer[..expected]);
        }
    }

    [Fact]
    public void Large_values_compare_sort_group_and_join_like_others()
    {
        byte[] low = NumberStream.Bytes(Size);
        byte[] high = NumberStream.Bytes(Size);
        high[^1] ^= 0x80;
        bool isLess = low.AsSpan().SequenceCompareTo(high) < 0;
        using NeuroStore store = Open();
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, s TEXT)");
        string text = new('x', 100_000);
        session.Execute("INSERT INTO t VALUES (1, ?, ?)", low, text + "a");
        session.Execute("INSERT INTO t VALUES (2, ?, ?)", high, text + "b");
        session.Execute("INSERT INTO t VALUES (3, ?, ?)", low, "x");
        Assert.Equal(
            [1, 3], Ids(session, "SELECT id FROM t WHERE b = ? ORDER BY id", low));
        Assert.Equal(
            [2], Ids(session, "SELECT id FROM t WHERE b = ?", new MemoryStream(high)));
        Assert.Equal([3, 1, 2], Ids(session, "SELECT id FROM t ORDER BY s"));
        Assert.Equal(
            isLess ? [1, 3, 2] : [2, 1, 3], Ids(session, "SELECT id FROM t ORDER BY b, id"));
        Assert.Equal(2, session.QueryScalar<long>("SELECT count(DISTINCT b) FROM t"));
        Assert.Equal(4, session.QueryScalar<long>(
            "SELECT count(*) FROM t x JOIN t y ON x.b = y.b AND x.id <> 2"));
        Assert.Equal([2], Ids(session, "SELECT id FROM t WHERE s LIKE '%b'"));
        Assert.Equal([1, 2], Ids(session, "SELECT id FROM t WHERE s > ? ORDER BY id", text));
        session.Execute("CHECKPOINT");
        Assert.Equal([1, 2], Ids(session, "SELECT id FROM t WHERE s > ? ORDER BY id", text));
        Assert.Equal([2], Ids(session, "SELECT id FROM t WHERE s = ?", text + "b"));
        Assert.Equal(
            low, session.QueryScalar<byte[]>("SELECT b FROM t WHERE s = ?", text + "a"));
    }

    [Fact]
    public void An_update_of_another_column_and_a_copied_row_share_the_file()
    {
        byte[] bytes = NumberStream.Bytes(Size);
        using NeuroStore store = Open();
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, n INTEGER)");
        session.Execute("INSERT INTO t VALUES (1, ?, 0)", bytes);
        string file = Assert.Single(Files());
        session.Execute("UPDATE t SET n = n + 1");
        session.Execute("INSERT INTO t SELECT id + 1, b, n FROM t");
        session.Execute("CREATE TABLE u (b BLOB)");
        session.Execute("INSERT INTO u SELECT b FROM t ORDER BY id LIMIT 1");
        Assert.Equal(file, Assert.Single(Files()));
        session.Execute("DELETE FROM t");
        session.Execute("CHECKPOINT");
        Assert.Equal(file, Assert.Single(Files()));
        Assert.Equal(bytes, session.QueryScalar<byte[]>("SELECT b FROM u"));
        session.Execute("DELETE FROM u");
        session.Execute("VACUUM");
        Assert.Empty(Files());
    }

    [Fact]
    public void What_is_rolled_back_or_fails_leaves_no_file()
    {
        using NeuroStore store = Open();
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)");
        using (Transaction transaction = session.BeginTransaction())
        {
            session.Execute("INSERT INTO t VALUES (1, ?)", new NumberStream(Size));
            Assert.Single(Files());
            transaction.Rollback();
        }

        Assert.Empty(Files());
        session.Execute("INSERT INTO t VALUES (1, X'00')");
        Assert.Throws<ConstraintException>(
            () => session.Execute("INSERT INTO t VALUES (1, ?)", new NumberStream(Size)));
        Assert.Empty(Files());
        Assert.Equal(
            (long)Size,
            session.QueryScalar<long>("SELECT length(?)", new NumberStream(Size)));
        Assert.Empty(Files());
        Assert.Throws<NeuroStoreException>(
            () => session.Execute("INSERT INTO t VALUES (2, ?)", new BrokenStream()));
        Assert.Empty(Files());
    }

    [Fact]
    public void A_value_in_the_form_of_a_reference_is_only_a_value()
    {
        byte[] bytes = new LargeReference(1, 70_000, 0, 1, 2).ToBlob();
        string text = new LargeReference(1, 70_000, 0, 1, 2).ToText();
        using (NeuroStore store = Open())
        using (Session session = store.OpenSession())
        {
            session.Execute("CREATE TABLE t (b BLOB, s TEXT)");
            session.Execute("INSERT INTO t VALUES (?, ?)", bytes, text);
            Assert.Equal(bytes, session.QueryScalar<byte[]>("SELECT b FROM t"));
            session.Execute("INSERT INTO t SELECT b, s FROM t");
            Assert.Equal(2, session.QueryScalar<long>("SELECT count(*) FROM t WHERE s = ?", text));
        }

        using NeuroStore again = Open();
        using Session reader = again.OpenSession();
        Assert.Equal(bytes, reader.QueryScalar<byte[]>("SELECT b FROM t"));
        Assert.Equal(text, reader.QueryScalar<string>("SELECT s FROM t"));
        Assert.Equal(72L, reader.QueryScalar<long>("SELECT length(s) FROM t"));
        reader.Execute("CREATE TABLE k (s TEXT PRIMARY KEY)");
        Assert.Equal(
            ErrorCode.NotSupported,
            Assert.Throws<NeuroStoreException>(
                () => reader.Execute("INSERT INTO k VALUES (?)", text)).Code);
    }

    [Fact]
    public void Columns_of_keys_hold_their_values_themselves()
    {
        string text = new('k', 100_000);
        using NeuroStore store = Open();
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (s TEXT PRIMARY KEY, b BLOB)");
        session.Execute("INSERT INTO t VALUES (?, ?)", new StringReader(text), new byte[70_000]);
        session.Execute("CREATE TABLE u (s TEXT)");
        session.Execute("INSERT INTO u SELECT s FROM t");
        Assert.Equal(text, session.QueryScalar<string>("SELECT s FROM u"));
        Assert.Throws<ConstraintException>(
            () => session.Execute("INSERT INTO t SELECT s, NULL FROM u"));
        Assert.Equal(1, session.QueryScalar<long>("SELECT count(*) FROM t WHERE s = ?", text));
    }

    [Fact]
    public void An_indexed_column_keeps_its_values_and_one_with_large_values_is_not_indexed()
    {
        string text = new('k', 100_000);
        using NeuroStore store = Open();
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (s TEXT)");
        session.Execute("INSERT INTO t VALUES (?)", text);
        Assert.Equal(
            ErrorCode.NotSupported,
            Assert.Throws<NeuroStoreException>(
                () => session.Execute("CREATE INDEX i ON t (s)")).Code);
        session.Execute("CREATE TABLE u (s TEXT)");
        session.Execute("CREATE INDEX j ON u (s)");
        session.Execute("INSERT INTO u SELECT s FROM t");
        session.Execute("DROP TABLE t");
        session.Execute("CHECKPOINT");
        Assert.Empty(Files());
        Assert.Equal(1, session.QueryScalar<long>("SELECT count(*) FROM u WHERE s = ?", text));
    }

    [Fact]
    public void A_temporary_table_takes_large_values_into_memory()
    {
        byte[] bytes = NumberStream.Bytes(Size);
        using NeuroStore store = Open();
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (b BLOB)");
        session.Execute("INSERT INTO t VALUES (?)", bytes);
        session.Execute("CREATE TEMP TABLE u (b BLOB)");
        session.Execute("INSERT INTO u SELECT b FROM t");
        session.Execute("INSERT INTO u VALUES (?)", new NumberStream(Size));
        session.Execute("DROP TABLE t");
        Assert.Equal(2, session.QueryScalar<long>("SELECT count(*) FROM u WHERE b = ?", bytes));
    }

    [Fact]
    public void An_appender_takes_streams()
    {
        using NeuroStore store = Open();
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (id BIGINT, b BLOB, s TEXT)");
        using (Appender appender = session.CreateAppender("t"))
        {
            for (int i = 0; i < 5; i++)
            {
                appender.Append(i).Append(new NumberStream(Size + i, i))
                    .Append(new StringReader(new string((char)('a' + i), 70_000))).EndRow();
            }

            appender.AppendRow(5L, new NumberStream(10), "short");
            appender.Complete();
        }

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(
                NumberStream.Bytes(Size + i, i),
                session.QueryScalar<byte[]>("SELECT b FROM t WHERE id = ?", i));
        }

        Assert.Equal(350_005, session.QueryScalar<long>("SELECT sum(length(s)) FROM t"));
        Assert.Equal(10, Files().Length);
    }

    [Fact]
    public void Many_large_values_pass_a_condition_in_runs()
    {
        using NeuroStore store = Open();
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT)");
        for (int i = 0; i < 12; i++)
        {
            session.Execute(
                "INSERT INTO t VALUES (?, ?)", i, new string((char)('a' + i), 5_000_000));
        }

        Assert.Equal([3], Ids(session, "SELECT id FROM t WHERE s LIKE '%ddd'"));
        Assert.Equal(
            [11, 10], Ids(session, "SELECT id FROM t WHERE upper(s) > 'K' ORDER BY s DESC"));
        Assert.Equal(60_000_000L, session.QueryScalar<long>("SELECT sum(length(s)) FROM t"));
    }

    [Fact]
    public void A_result_in_memory_is_refused_where_it_is_too_large_and_says_what_to_do()
    {
        var reference = new LargeReference(1, Limits.ValueSizeBytesMax + 1L, 0, 1, 1);
        var error = Assert.Throws<ResourceLimitException>(
            () => LargeValue.CheckSize(reference.SizeBytes, Limits.ValueSizeBytesMax));
        Assert.Equal(ErrorCode.ResourceLimit, error.Code);
        Assert.Contains("GetStream", error.Message, StringComparison.Ordinal);
    }

    private static int[] Ids(Session session, string sql, params object?[] parameters)
    {
        var ids = new List<int>();
        using ResultReader reader = session.Query(sql, parameters);
        while (reader.Read())
        {
            ids.Add(reader.GetInt32(0));
        }

        return [.. ids];
    }

    private static void Check(Session session, byte[] bytes)
    {
        foreach (int id in new[] { 1, 2 })
        {
            Assert.Equal(
                bytes, session.QueryScalar<byte[]>("SELECT b FROM t WHERE id = ?", id));
            using ResultReader reader = session.Query("SELECT b FROM t WHERE id = ?", id);
            Assert.True(reader.Read());
            using Stream stream = reader.GetStream(0);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            Assert.Equal(bytes, copy.ToArray());
        }

        Assert.Equal(
            2L * bytes.Length, session.QueryScalar<long>("SELECT sum(length(b)) FROM t"));
    }

    private string Database => Path.Combine(_folder.Path, "db");

    private NeuroStore Open() => NeuroStore.Open(Database);

    private string[] Files() => Directory.GetFiles(Path.Combine(Database, "blob"));

    private sealed class BrokenStream : MemoryStream
    {
        private long _given;

        public override int Read(Span<byte> buffer)
        {
            _given += buffer.Length;
            return _given < 1_000_000 ? buffer.Length : throw new IOException("the line is cut");
        }
    }
}
