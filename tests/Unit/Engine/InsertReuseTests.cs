namespace NeuroDb.Tests.Unit;

/// <summary>
/// A prepared INSERT of one row puts its values where those of its last run were: nobody may
/// notice.
/// </summary>
public sealed class InsertReuseTests : IDisposable
{
    private readonly NeuroStore _database = NeuroStore.OpenInMemory();
    private readonly Session _session;

    public InsertReuseTests()
    {
        _session = _database.OpenSession();
        _session.Execute(
            "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT, b BLOB, c DECIMAL(10, 2), "
            + "d DOUBLE, e UUID, f FLOAT[2])");
    }

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void Each_row_keeps_its_own_values_of_every_type()
    {
        using Statement insert = _session.Prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)");
        for (int i = 0; i < 6; i++)
        {
            insert.Execute(
                (long)i,
                $"text {i}",
                new byte[] { (byte)i },
                i + 0.25m,
                i + 0.5,
                new Guid(i, 0, 0, new byte[8]),
                new float[] { i, -i });
        }

        using Statement select = _session.Prepare("SELECT a, b, c, d, e, f FROM t WHERE id = ?");
        for (int i = 0; i < 6; i++)
        {
            using ResultReader row = select.Query((long)i);
            Assert.True(row.Read());
            Assert.Equal($"text {i}", row.GetString(0));
            Assert.Equal(new[] { (byte)i }, row.GetFieldValue<byte[]>(1));
            Assert.Equal(i + 0.25m, row.GetFieldValue<decimal>(2));
            Assert.Equal(i + 0.5, row.GetFieldValue<double>(3));
            Assert.Equal(new Guid(i, 0, 0, new byte[8]), row.GetFieldValue<Guid>(4));
            Assert.Equal(new float[] { i, -i }, row.GetFieldValue<float[]>(5));
        }
    }

    [Fact]
    public void Blobs_that_are_bound_one_after_the_other_stay_in_their_rows()
    {
        using Statement insert = _session.Prepare("INSERT INTO t (id, b) VALUES (?, ?)");
        byte[] bytes = [0, 0];
        for (byte i = 0; i < 6; i++)
        {
            bytes[1] = i;
            insert.Bind(0, (long)i).Bind(1, bytes);
            bytes[1] = 100;
            insert.Execute();
        }

        insert.Bind(0, 6L).Bind(1, (object?)null).Execute();
        insert.Bind(0, 7L).Bind(1, bytes).Execute();
        insert.Bind(0, 8L).Bind<byte[]?>(1, null).Execute();
        Assert.Equal(
            "0000 0001 0002 0003 0004 0005 0064",
            _session.QueryScalar<string>("SELECT string_agg(hex(b), ' ' ORDER BY id) FROM t"));
    }

    [Fact]
    public void A_blob_that_a_row_gave_back_does_not_change_with_the_next_row()
    {
        using Statement insert = _session.Prepare(
            "INSERT INTO t (id, b) VALUES (?, ?) RETURNING b");
        insert.Bind(0, 1L).Bind(1, new byte[] { 1 }).Execute();
        insert.Bind(0, 2L).Bind(1, new byte[] { 2 });
        byte[] given;
        using (ResultReader rows = insert.Query())
        {
            Assert.True(rows.Read());
            given = rows.GetFieldValue<byte[]>(0);
        }

        insert.Bind(0, 3L).Execute();
        insert.Bind(0, 4L).Bind(1, new byte[] { 4 }).Execute();
        Assert.Equal(new byte[] { 2 }, given);
    }

    [Fact]
    public void A_transaction_checks_the_blobs_that_it_was_given_when_it_ends()
    {
        _session.Execute("CREATE TABLE p (k BLOB PRIMARY KEY)");
        _session.Execute("CREATE TABLE c (k BLOB REFERENCES p DEFERRABLE INITIALLY DEFERRED)");
        using Statement parent = _session.Prepare("INSERT INTO p VALUES (?)");
        using Statement child = _session.Prepare("INSERT INTO c VALUES (?)");
        parent.Bind(0, new byte[] { 9 }).Execute();
        child.Bind(0, new byte[] { 9 }).Execute();
        using Transaction transaction = _session.BeginTransaction();
        child.Bind(0, new byte[] { 1 }).Execute();
        child.Bind(0, new byte[] { 2 }).Execute();
        parent.Bind(0, new byte[] { 2 }).Execute();

        ConstraintException error = Assert.Throws<ConstraintException>(transaction.Commit);
        Assert.Contains(@"\x01", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_come_as_streams_and_readers_are_those_that_they_give()
    {
        _session.Execute("CREATE TABLE s (a TEXT, b BLOB, PRIMARY KEY (a, b))");
        using Statement insert = _session.Prepare("INSERT INTO s VALUES (?, ?)");
        insert.Execute(new StringReader("one"), new MemoryStream([1]));
        insert.Execute(new StringReader("two"), new byte[] { 2 });
        insert.Execute("three", new MemoryStream([3]));

        Assert.Throws<ConstraintException>(
            () => insert.Execute(new StringReader("two"), new MemoryStream([2])));
        Assert.Equal(
            "one 01, three 03, two 02",
            _session.QueryScalar<string>(
                "SELECT string_agg(a || ' ' || hex(b), ', ' ORDER BY a) FROM s"));
    }

    [Fact]
    public void A_NULL_between_values_stays_in_its_own_row()
    {
        using Statement insert = _session.Prepare("INSERT INTO t (id, a, d) VALUES (?, ?, ?)");
        insert.Execute(1L, "one", 1.0);
        insert.Execute(2L, null, 2.0);
        insert.Execute(3L, "three", null);
        insert.Execute(4L, "four", 4.0);

        Assert.Equal(
            "one/1;-/2;three/-;four/4",
            _session.QueryScalar<string>(
                "SELECT string_agg(coalesce(a, '-') || '/' || coalesce(CAST(CAST(d AS BIGINT) "
                + "AS TEXT), '-'), ';' ORDER BY id) FROM t"));
    }

    [Fact]
    public void A_value_with_a_side_effect_is_computed_once_even_beside_a_NULL()
    {
        _session.Execute("CREATE SEQUENCE s");
        using Statement insert =
            _session.Prepare("INSERT INTO t (id, a) VALUES (nextval('s'), ?)");
        insert.Execute("x");
        insert.Execute(new object?[] { null });
        insert.Execute("y");

        Assert.Equal(6, _session.QueryScalar<long>("SELECT sum(id) FROM t"));
        Assert.Equal(3, _session.QueryScalar<long>("SELECT max(id) FROM t"));
    }

    [Fact]
    public void Rows_inserted_one_by_one_leave_next_to_no_garbage()
    {
        const int Count = 8000;
        const int BytesEachMax = 80;
        _session.Execute("CREATE TABLE n (id BIGINT PRIMARY KEY, v BIGINT)");
        using Statement insert = _session.Prepare("INSERT INTO n VALUES (?, ?)");
        long before = 0;
        for (long i = 0; i < 2 * Count; i++)
        {
            before = i == Count ? GC.GetAllocatedBytesForCurrentThread() : before;
            insert.Bind(0, i * 7919 % 100_003).Bind(1, i).Execute();
        }

        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        Assert.InRange(each, 0, BytesEachMax);
    }

    [Fact]
    public void Each_row_sees_what_other_sessions_committed_before_it()
    {
        using Session other = _database.OpenSession();
        using Statement insert = _session.Prepare("INSERT INTO t (id, a) VALUES (?, ?)");
        using Statement foreign = other.Prepare("INSERT INTO t (id, a) VALUES (?, ?)");
        for (long i = 0; i < 40; i += 2)
        {
            insert.Execute(i, "own");
            foreign.Execute(i + 1, "other");
            Assert.Throws<ConstraintException>(() => insert.Execute(i + 1, "twice"));
            Assert.Throws<ConstraintException>(() => foreign.Execute(i, "twice"));
        }

        _session.Execute("ALTER TABLE t ADD COLUMN g BIGINT DEFAULT 5");
        insert.Execute(40L, "own");
        Assert.Equal(41, _session.QueryScalar<long>("SELECT count(*) FROM t"));
        Assert.Equal(41 * 5, _session.QueryScalar<long>("SELECT sum(g) FROM t"));
    }

    [Fact]
    public void A_row_that_fails_leaves_nothing_for_the_next_one()
    {
        using Statement insert = _session.Prepare("INSERT INTO t (id, a) VALUES (?, ?)");
        insert.Execute(1L, "first");
        Assert.Throws<ConstraintException>(() => insert.Execute(1L, "second"));
        insert.Execute(2L, "third");

        Assert.Equal(
            "first,third",
            _session.QueryScalar<string>("SELECT string_agg(a, ',' ORDER BY id) FROM t"));
    }

    [Fact]
    public void Rows_of_one_commit_each_are_all_there_beyond_several_chunks()
    {
        const int Count = 20_000;
        using Statement insert = _session.Prepare("INSERT INTO t (id, a) VALUES (?, ?)");
        for (int i = 0; i < Count; i++)
        {
            insert.Execute((long)i * 7 % Count, i % 3 == 0 ? null : $"r{i}");
        }

        Assert.Equal(Count, _session.QueryScalar<long>("SELECT count(*) FROM t"));
        Assert.Equal(
            Count - ((Count + 2) / 3), _session.QueryScalar<long>("SELECT count(a) FROM t"));
        for (int i = 0; i < Count; i += 997)
        {
            Assert.Equal(
                i % 3 == 0 ? null : $"r{i}",
                _session.QueryScalar<string>($"SELECT a FROM t WHERE id = {i * 7L % Count}"));
        }
    }
}
