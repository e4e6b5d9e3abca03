using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Values of generated columns that are made in the background, and columns that get another
/// version while both serve.
/// </summary>
public sealed class AnswerWorkTests
{
    private const string AsyncTable =
        "CREATE TABLE t (id BIGINT PRIMARY KEY, x DOUBLE, n INT, "
        + "p DOUBLE GENERATED ALWAYS AS (predict(f@1 USING x)) STORED ASYNC)";

    private const string StoredTable =
        "CREATE TABLE t (id BIGINT PRIMARY KEY, x DOUBLE, "
        + "p DOUBLE GENERATED ALWAYS AS (predict(f@1 USING x)) STORED, n INT)";

    private const string Insert =
        "INSERT INTO t (id, x) SELECT i, 1.0 * i FROM generate_series(1, 600) g (i)";

    private const string Lag =
        "SELECT version, next_version, pending_rows FROM neuro.embedding_lag";

    [Fact]
    public void Rows_are_stored_without_a_value_and_get_it_later()
    {
        using AnswerFixture db = Open(AsyncTable);
        db.Run(Insert);

        Assert.Equal("600,0", db.Text("SELECT count(*), count(p) FROM t"));
        Assert.Equal("1,NULL,600", db.Text(Lag));
        db.Clock.Now = db.Clock.Now.AddSeconds(90);
        Assert.Equal("90", db.Text("SELECT oldest_seconds::INT FROM neuro.embedding_lag"));

        db.Work();

        Assert.Equal("600", db.Text("SELECT count(*) FROM t WHERE round(p) = 2 * x"));
        Assert.Equal("1,NULL,0", db.Text(Lag));
        Assert.False(db.Engine.Answers.IsAwake);
    }

    [Fact]
    public void A_value_is_made_anew_only_if_what_it_is_made_of_changes()
    {
        using AnswerFixture db = Open(AsyncTable);
        db.Run(Insert);
        db.Work();

        db.Run("UPDATE t SET n = 1; UPDATE t SET x = 1000 WHERE id <= 10");

        Assert.Equal("590", db.Text("SELECT count(p) FROM t"));
        db.Work();
        Assert.Equal("600", db.Text("SELECT count(*) FROM t WHERE round(p) = 2 * x"));
    }

    [Fact]
    public void The_old_version_answers_until_the_new_one_has_all_rows()
    {
        using AnswerFixture db = Open(StoredTable);
        db.Run(Insert);
        db.Run("ALTER TABLE t ALTER COLUMN p SET MODEL f@2 REFRESH BACKGROUND");
        db.Run("INSERT INTO t (id, x) VALUES (1001, 1001); UPDATE t SET x = 7 WHERE id = 3");

        Assert.Equal("601", db.Text("SELECT count(*) FROM t WHERE round(p) = 2 * x"));
        Assert.Equal("1,2,599", db.Text(Lag));
        Assert.Throws<NeuroStoreException>(() => db.Run("DROP MODEL f VERSION 2"));

        db.Work();

        Assert.Equal("601", db.Text("SELECT count(*) FROM t WHERE round(p) = 3 * x"));
        Assert.Equal("2,NULL,0", db.Text(Lag));
        Assert.Equal("1,1,3,NULL", db.Text("SELECT id, x, round(p), n FROM t WHERE id = 1"));
        Assert.Equal(
            "1,1,3,NULL",
            db.Text("SELECT s.id, s.x, round(s.p), s.n FROM (SELECT * FROM t) AS s (id, x, p, n) "
                + "WHERE s.id = 1"));
        db.Run("INSERT INTO t VALUES (2000, 4, 5); ALTER TABLE t DROP COLUMN p");
        Assert.Equal("2000,4,5", db.Text("SELECT * FROM t WHERE id = 2000"));
    }

    [Fact]
    public void A_column_is_refreshed_again_and_again_in_its_place()
    {
        using AnswerFixture db = Open(AsyncTable);
        db.Run(Insert);
        db.Run("CREATE INDEX by_p ON t (p)");
        foreach (int version in (int[])[2, 1, 2])
        {
            db.Run($"ALTER TABLE t ALTER COLUMN p SET MODEL f@{version}");
            db.Work();
            Assert.Equal(
                "600", db.Text($"SELECT count(*) FROM t WHERE round(p) = {version + 1} * x"));
            Assert.Equal("10", db.Text(
                $"SELECT count(*) FROM t WHERE p < {version + 1} * 10.5"));
            Assert.Equal(
                "id,x,n,p", string.Join(',', db.Session.Execute(
                    db.Session.Prepare("SELECT * FROM t")[0], []).Columns.Select(c => c.Name)));
        }

        Assert.Equal("by_p", db.Text("SELECT name FROM sqlite_schema WHERE type = 'index' "
            + "AND name = 'by_p'"));
    }

    [Fact]
    public void A_refresh_is_given_up_by_the_version_that_the_column_has()
    {
        using AnswerFixture db = Open(StoredTable);
        db.Run(Insert);
        db.Run("ALTER TABLE t ALTER COLUMN p SET MODEL f@2");
        db.Run("ALTER TABLE t ALTER COLUMN p SET MODEL f@1");
        Assert.Equal("1,NULL,0", db.Text(Lag));

        db.Work();

        Assert.Equal("600", db.Text("SELECT count(*) FROM t WHERE round(p) = 2 * x"));
        db.Run("DROP MODEL f VERSION 2");
    }

    [Fact]
    public void A_transaction_that_writes_is_never_in_conflict_with_the_work()
    {
        using AnswerFixture db = Open(AsyncTable);
        db.Run(Insert);
        using QuerySession other = db.Engine.OpenSession();
        AnswerFixture.Run(other, "BEGIN; UPDATE t SET n = 2 WHERE id = 5");

        db.Clock.FireAll();

        Assert.Equal("0", db.Text("SELECT count(p) FROM t"));
        AnswerFixture.Run(other, "UPDATE t SET n = 2 WHERE id <= 300; COMMIT");
        db.Work();
        Assert.Equal("600,300", db.Text("SELECT count(p), count(n) FROM t"));
    }

    [Fact]
    public void A_transaction_that_only_reads_is_waited_for_some_time()
    {
        using AnswerFixture db = Open(AsyncTable);
        db.Run(Insert);
        using QuerySession other = db.Engine.OpenSession();
        AnswerFixture.Run(other, "BEGIN");
        Assert.Equal("0", AnswerFixture.Text(other, "SELECT count(p) FROM t"));
        db.Clock.FireAll();
        db.Clock.FireAll();
        Assert.Equal("0", db.Text("SELECT count(p) FROM t"));

        db.Clock.Now = db.Clock.Now.AddSeconds(11);
        db.Work();

        Assert.Equal("600", db.Text("SELECT count(p) FROM t"));
        Assert.Equal("0", AnswerFixture.Text(other, "SELECT count(p) FROM t"));
    }

    [Fact]
    public void Values_that_a_restart_left_are_made_after_it()
    {
        var disk = new MemoryFileSystem();
        using (AnswerFixture db = Open(AsyncTable, disk))
        {
            db.Run(Insert);
        }

        using var again = new AnswerFixture(disk);
        Assert.Equal("600,0", again.Text("SELECT count(*), count(p) FROM t"));
        again.Work();
        Assert.Equal("600", again.Text("SELECT count(*) FROM t WHERE round(p) = 2 * x"));
    }

    [Fact]
    public void Rows_of_before_an_added_column_are_made_in_the_background()
    {
        using AnswerFixture db = Open("CREATE TABLE t (id BIGINT PRIMARY KEY, x DOUBLE, n INT)");
        db.Run(Insert);
        db.Run("ALTER TABLE t ADD COLUMN p DOUBLE AS (predict(f@2 USING x)) STORED ASYNC");
        Assert.Equal("0", db.Text("SELECT count(p) FROM t"));

        db.Work();

        Assert.Equal("600", db.Text("SELECT count(*) FROM t WHERE round(p) = 3 * x"));
    }

    [Fact]
    public void Beside_statements_the_work_has_its_share_and_alone_it_goes_on_at_once()
    {
        using AnswerFixture db = Open(AsyncTable);
        db.Run(Insert);
        db.Clock.Tick = TimeSpan.FromMilliseconds(5);
        db.Run("SET refresh_share = 2");
        db.Clock.FireAll();

        // The first slice loads the model, and no user waits for that.
        Assert.InRange(db.Clock.Armed!.Value.TotalMilliseconds, 1, 5000);
        db.Run("SHOW threads");
        db.Clock.FireAll();
        Assert.InRange(db.Clock.Armed!.Value.TotalMilliseconds, 49, 49_000);

        // What was rested too much is no credit, and what is owed is less by it.
        db.Clock.Now = db.Clock.Now.AddSeconds(90);
        db.Clock.FireAll();

        Assert.Equal(1, db.Clock.Armed!.Value.TotalMilliseconds);
    }

    [Fact]
    public void Statements_without_end_do_not_keep_the_work_from_ending()
    {
        using AnswerFixture db = Open(AsyncTable);
        db.Run(Insert);
        db.Clock.Tick = TimeSpan.FromMilliseconds(100);
        int left = 600;
        for (int slice = 0; left > 0; slice++)
        {
            Assert.InRange(slice, 0, 600);

            // One slice makes values, another one stores them.
            db.Clock.FireAll();
            db.Clock.FireAll();
            int now = int.Parse(
                db.Text("SELECT pending_rows FROM neuro.embedding_lag"),
                System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(now, 0, left - 1);
            left = now;
        }
    }

    [Fact]
    public void What_a_slice_found_and_users_changed_is_made_of_the_new_row()
    {
        using AnswerFixture db = Open(AsyncTable);
        db.Run(Insert);
        db.Clock.FireAll();
        db.Clock.FireAll();
        Assert.InRange(
            int.Parse(
                db.Text("SELECT count(p) FROM t"),
                System.Globalization.CultureInfo.InvariantCulture),
            1,
            300);
        db.Run("UPDATE t SET x = x + 1000 WHERE id % 2 = 0; DELETE FROM t WHERE id % 5 = 0; "
            + "CHECKPOINT");

        db.Work();

        Assert.Equal("480,480", db.Text(
            "SELECT count(*), count(*) FILTER (WHERE round(p) = 2 * x) FROM t"));
    }

    [Fact]
    public void Values_that_are_made_wait_for_a_moment_to_be_stored()
    {
        using AnswerFixture db = Open(AsyncTable);
        db.Run(Insert);
        using QuerySession other = db.Engine.OpenSession();
        AnswerFixture.Run(other, "BEGIN; UPDATE t SET n = 2 WHERE id = 5");
        db.Clock.FireAll();
        db.Clock.FireAll();
        Assert.Equal("0", db.Text("SELECT count(p) FROM t"));

        AnswerFixture.Run(other, "UPDATE t SET x = 77 WHERE id = 6; COMMIT");
        db.Clock.FireAll();

        Assert.NotEqual("0", db.Text("SELECT count(p) FROM t"));
        db.Work();
        Assert.Equal("600", db.Text("SELECT count(*) FROM t WHERE round(p) = 2 * x"));
    }

    [Fact]
    public void Rows_that_change_between_making_and_storing_are_made_again()
    {
        using AnswerFixture db = Open(AsyncTable);
        db.Run(Insert);
        db.Clock.FireAll();
        Assert.Equal("0", db.Text("SELECT count(p) FROM t"));

        db.Run("UPDATE t SET x = x + 1000 WHERE id <= 3; DELETE FROM t WHERE id = 4");
        db.Clock.FireAll();

        Assert.Equal("0", db.Text("SELECT count(p) FROM t WHERE id <= 3"));
        db.Work();
        Assert.Equal("599,599", db.Text(
            "SELECT count(*), count(*) FILTER (WHERE round(p) = 2 * x) FROM t"));
    }

    [Fact]
    public void The_share_is_a_setting_of_the_database()
    {
        using AnswerFixture db = Open(AsyncTable);
        Assert.Equal("10", db.Text("SHOW refresh_share"));
        db.Run("PRAGMA refresh_share = 35");
        using QuerySession other = db.Engine.OpenSession();
        Assert.Equal("35", AnswerFixture.Text(other, "SHOW refresh_share"));
        AnswerFixture.Run(other, "RESET refresh_share");
        Assert.Equal("10", db.Text("SHOW refresh_share"));
        foreach (string value in (string[])["0", "101", "much"])
        {
            var error = Assert.Throws<NeuroStoreException>(
                () => db.Run($"SET refresh_share = {value}"));
            Assert.Equal(ErrorCode.InvalidSetting, error.Code);
            Assert.Contains("1 to 100 percent", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("CREATE TABLE u (x DOUBLE, p DOUBLE AS (x * 2) STORED ASYNC)", "asks no model")]
    [InlineData(
        "CREATE TABLE u (x DOUBLE, p DOUBLE NOT NULL AS (predict(f USING x)) STORED ASYNC)",
        "it cannot be NOT NULL")]
    [InlineData(
        "CREATE TABLE u (x DOUBLE, p DOUBLE UNIQUE AS (predict(f USING x)) STORED ASYNC)",
        "part of a key")]
    [InlineData("ALTER TABLE t ALTER COLUMN p SET NOT NULL", "it cannot be NOT NULL")]
    [InlineData(
        "CREATE TEMP TABLE u (x DOUBLE, p DOUBLE AS (predict(f USING x)) STORED ASYNC)",
        "ASYNC in a temporary table")]
    [InlineData("CREATE TABLE u (\"\u0002note 1\" INT)", "control character")]
    public void What_cannot_be_is_refused(string sql, string message)
    {
        using AnswerFixture db = Open(AsyncTable);
        var error = Assert.ThrowsAny<NeuroStoreException>(() => db.Run(sql));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static AnswerFixture Open(string table, MemoryFileSystem? disk = null)
    {
        var db = new AnswerFixture(disk);
        AnswerFixture.Train(db.Session);
        db.Run(table);
        return db;
    }
}
