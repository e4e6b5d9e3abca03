using System.Globalization;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// A statement that looks up one key uses the objects of its last run again: nobody may notice.
/// </summary>
public sealed class StatementReuseTests : IDisposable
{
    private readonly NeuroStore _database = NeuroStore.OpenInMemory();
    private readonly Session _session;
    private readonly Statement _select;

    public StatementReuseTests()
    {
        _session = _database.OpenSession();
        _session.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, v TEXT)");
        _session.Execute("INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, NULL)");
        _select = _session.Prepare("SELECT v FROM t WHERE id = ?");
    }

    public void Dispose()
    {
        _select.Dispose();
        _session.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void Every_run_gives_the_row_of_its_own_key()
    {
        Assert.Equal("one", Find(1));
        Assert.Equal("two", Find(2));
        Assert.Null(Find(3));
        Assert.Null(Find(4));
        Assert.Equal("one", Find(1));
        Assert.Equal("two", _select.Bind(0, 2L).QueryScalar<string>());
        Assert.Null(_select.Bind(0, 4L).QueryScalar<string>());
    }

    [Fact]
    public void Parameters_of_every_type_and_columns_that_came_later_are_found()
    {
        _session.Execute("ALTER TABLE t ADD COLUMN w BIGINT DEFAULT 7");
        _session.Execute("INSERT INTO t VALUES (5, 'five', 8)");
        using Statement select = _session.Prepare("SELECT w, v FROM t WHERE id = ?");
        foreach (object? key in new object?[] { 1L, 5, null, (short)2, 5.0, 5L, 2m, "1", 1 })
        {
            using ResultReader row = select.Query(key);
            Assert.Equal(key is not null, row.Read());
            if (key is not null)
            {
                bool isNew = Convert.ToInt64(key, CultureInfo.InvariantCulture) == 5;
                Assert.Equal(isNew ? 8 : 7, row.GetInt64(0));
            }
        }
    }

    [Fact]
    public void A_closed_reader_reads_nothing_of_the_next_run()
    {
        ResultReader closed = _select.Query(1L);
        Assert.True(closed.Read());
        closed.Dispose();
        using ResultReader open = _select.Query(2L);
        Assert.True(open.Read());

        Assert.Throws<InvalidOperationException>(() => closed.GetString(0));
        Assert.Throws<ObjectDisposedException>(() => closed.Read());
        closed.Dispose();
        Assert.Equal("two", open.GetString(0));
    }

    [Fact]
    public void Two_open_readers_of_a_statement_keep_their_rows()
    {
        Assert.Equal("one", Find(1));
        using ResultReader first = _select.Query(1L);
        Assert.True(first.Read());
        using ResultReader second = _select.Query(2L);
        Assert.True(second.Read());
        Assert.Equal("one", first.GetString(0));
        Assert.Equal("two", second.GetString(0));
        Assert.False(first.Read());
        Assert.False(second.Read());
    }

    [Fact]
    public void Every_run_sees_what_was_committed_before_it()
    {
        Assert.Equal("one", Find(1));
        _database.Execute("UPDATE t SET v = 'uno' WHERE id = 1");
        Assert.Equal("uno", Find(1));
        using (Transaction transaction = _session.BeginTransaction())
        {
            _session.Execute("UPDATE t SET v = 'eins' WHERE id = 1");
            Assert.Equal("eins", Find(1));
            transaction.Rollback();
        }

        Assert.Equal("uno", Find(1));
        _database.Execute("DELETE FROM t WHERE id = 1");
        Assert.Null(Find(1));
    }

    [Fact]
    public void A_run_after_the_table_was_replaced_reads_the_new_one()
    {
        Assert.Equal("one", Find(1));
        _session.Execute("DROP TABLE t; CREATE TABLE t (v INTEGER, id BIGINT PRIMARY KEY)");
        _session.Execute("INSERT INTO t VALUES (10, 1)");
        Assert.Equal(10, _select.Bind(0, 1L).QueryScalar<int>());
        using ResultReader reader = _select.Query(1L);
        Assert.Equal(TypeKind.Integer, reader.GetDataType(0).Kind);
    }

    [Fact]
    public void A_failed_run_leaves_the_statement_usable()
    {
        using Statement select =
            _session.Prepare("SELECT v FROM t WHERE id = CAST(? AS BIGINT)");
        Assert.Equal("two", select.Bind(0, "2").QueryScalar<string>());
        Assert.Throws<NeuroStoreException>(() => select.Bind(0, "x").QueryScalar<string>());
        Assert.Equal("one", select.Bind(0, "1").QueryScalar<string>());
    }

    [Fact]
    public void A_setting_between_two_runs_holds_for_the_second()
    {
        const string Sql = "SELECT v FROM t WHERE id = (SELECT id FROM t WHERE id < ? ORDER BY id)";
        using Statement select = _session.Prepare(Sql);
        _session.Execute("SET scalar_subquery = 'first'");
        Assert.Equal("one", select.Bind(0, 3L).QueryScalar<string>());
        _session.Execute("SET scalar_subquery = 'error'");
        Assert.Throws<NeuroStoreException>(() => select.Bind(0, 3L).QueryScalar<string>());
        Assert.Equal("one", select.Bind(0, 2L).QueryScalar<string>());
    }

    private string? Find(long id)
    {
        using ResultReader reader = _select.Bind(0, id).Query();
        if (!reader.Read())
        {
            return null;
        }

        string? found = reader.IsNull(0) ? null : reader.GetString(0);
        Assert.False(reader.Read());
        return found;
    }
}
