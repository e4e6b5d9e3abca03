namespace NeuroDb.Tests.Unit;

/// <summary>
/// A crash never parts a row from its value, nor ends a refresh before it is complete.
/// </summary>
public sealed class AnswerCrashTests
{
    // Large slices: a crash after each operation of few commits.
    private const int Share = 100;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crash_leaves_no_row_without_its_value(bool isPowerLoss)
    {
        var disk = new MemoryFileSystem();
        int first;
        using (var db = new AnswerFixture(disk, Share))
        {
            AnswerFixture.Train(db.Session);
            db.Run("CREATE TABLE t (id BIGINT PRIMARY KEY, x DOUBLE, "
                + "p DOUBLE GENERATED ALWAYS AS (predict(f@1 USING x)) STORED)");
            first = disk.OperationCount;
            for (int i = 0; i < 8; i++)
            {
                db.Run($"INSERT INTO t (id, x) SELECT {i} * 50 + j, {i} * 50 + j "
                    + "FROM generate_series(1, 50) g (j); UPDATE t SET x = x + 1 WHERE id < 9");
            }

            db.Run("CHECKPOINT");
        }

        int most = 0;
        for (int operation = first; operation <= disk.OperationCount; operation++)
        {
            using var db = new AnswerFixture(Left(disk, operation, isPowerLoss), Share);
            Assert.Equal("0", db.Text("SELECT count(*) FROM t WHERE p IS NULL "
                + "OR round(p) <> 2 * x"));
            most = Math.Max(most, int.Parse(
                db.Text("SELECT count(*) FROM t"),
                System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(400, most);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_refresh_goes_on_after_a_crash_and_ends(bool isPowerLoss)
    {
        var disk = new MemoryFileSystem();
        int first;
        using (var db = new AnswerFixture(disk, Share))
        {
            AnswerFixture.Train(db.Session);
            db.Run("CREATE TABLE t (id BIGINT PRIMARY KEY, x DOUBLE, "
                + "p DOUBLE GENERATED ALWAYS AS (predict(f@1 USING x)) STORED)");
            db.Run("INSERT INTO t (id, x) SELECT i, i FROM generate_series(1, 900) g (i)");
            db.Run("CREATE INDEX by_p ON t (p)");
            db.Run("CHECKPOINT");
            first = disk.OperationCount;
            db.Run("ALTER TABLE t ALTER COLUMN p SET MODEL f@2 REFRESH BACKGROUND");
            db.Work();
            db.Run("CHECKPOINT");
            Assert.Equal("2", db.Text("SELECT version FROM neuro.embedding_lag"));
        }

        int half = 0;
        for (int operation = first; operation <= disk.OperationCount; operation++)
        {
            using var db = new AnswerFixture(Left(disk, operation, isPowerLoss), Share);
            string version = db.Text("SELECT version FROM neuro.embedding_lag");
            string factor = version == "1" ? "2" : "3";
            half += db.Text("SELECT next_version FROM neuro.embedding_lag") == "2" ? 1 : 0;
            Assert.Equal(
                "900", db.Text($"SELECT count(*) FROM t WHERE round(p) = {factor} * x"));
            Assert.Empty(db.Engine.Storage.Verify(isQuick: false, default));
            db.Run("ALTER TABLE t ALTER COLUMN p SET MODEL f@2 REFRESH BACKGROUND");
            db.Work();
            Assert.Equal("900", db.Text("SELECT count(*) FROM t WHERE round(p) = 3 * x"));
            Assert.Equal("2,NULL,0", db.Text(
                "SELECT version, next_version, pending_rows FROM neuro.embedding_lag"));
            Assert.Equal("9", db.Text("SELECT count(*) FROM t WHERE p < 28"));
        }

        Assert.InRange(half, 1, disk.OperationCount);
    }

    private static MemoryFileSystem Left(MemoryFileSystem disk, int operation, bool isPowerLoss) =>
        isPowerLoss
            ? disk.AfterPowerLoss(operation, (ulong)operation)
            : disk.AfterKill(operation);
}
