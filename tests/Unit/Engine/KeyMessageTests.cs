namespace NeuroDb.Tests.Unit;

/// <summary>Messages about keys show values as they are written.</summary>
public sealed class KeyMessageTests
{
    [Theory]
    [InlineData("DATE", "'2026-11-20'", "2026-11-20")]
    [InlineData("TIMESTAMP", "'2026-11-20 12:30:00.5'", "2026-11-20 12:30:00.5")]
    [InlineData("TIMESTAMPTZ", "'2026-11-20 12:30:00+01'", "2026-11-20 11:30:00+00")]
    [InlineData("TIME", "'12:30:00'", "12:30:00")]
    [InlineData("BOOLEAN", "true", "true")]
    [InlineData("TEXT", "'a''b'", "'a'b'")]
    [InlineData("DECIMAL(6, 2)", "1.5", "1.50")]
    [InlineData("BLOB", "x'01ff'", "x'01FF'")]
    public void A_duplicate_is_named_as_it_is_written(string type, string value, string shown)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute($"CREATE TABLE t (k {type} PRIMARY KEY)");
        database.Execute($"INSERT INTO t VALUES ({value})");
        ConstraintException error = Assert.Throws<ConstraintException>(
            () => database.Execute($"INSERT INTO t VALUES ({value})"));
        Assert.Equal(ErrorCode.UniqueViolation, error.Code);
        Assert.Contains($"PRIMARY KEY (k) = ({shown}) already", error.Message,
            StringComparison.Ordinal);
    }
}
