using System.Text.Json;

namespace NeuroDb.Tests.Unit;

/// <summary>ON_ERROR: rows that are left out, where they go, and when that is too much.</summary>
public sealed class CopyRejectTests
{
    private const string Schema =
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK (n < 10), s TEXT)";

    private const string Mixed =
        "1,1,a\nx,2,b\n3,,c\n4,4\n5,99,e\n1,6,twice\n7,\"7\"x,g\n8,8,h\n9,9,\"open\n10,1,z\n";

    [Fact]
    public void Quarantine_keeps_every_bad_row_with_line_and_reason_in_a_file()
    {
        using var fixture = new CopyFixture(Schema);
        Assert.Equal(3, fixture.Load(Mixed, "FORMAT csv, ON_ERROR quarantine"));
        Assert.Equal(["1", "8", "10"], fixture.Rows("SELECT CAST(id AS TEXT) FROM t"));
        JsonElement[] rejects = [.. File
            .ReadLines(fixture.Path("file.data.rejected.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            [2L, 4, 7, 9, 3, 5, 6],
            rejects.Select(reject => reject.GetProperty("line").GetInt64()));
        Assert.Contains(
            "'x' does not read as INTEGER",
            rejects[0].GetProperty("reason").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("x,2,b", rejects[0].GetProperty("raw_text").GetString());
        Assert.Equal("id", rejects[0].GetProperty("column_name").GetString());
    }

    [Fact]
    public void A_table_takes_rejected_rows_in_the_same_transaction()
    {
        using var fixture = new CopyFixture(Schema);
        string path = fixture.Write("file.data", Mixed);
        CopyResult result = fixture.Session.CopyFrom(
            "t", path, "FORMAT csv, ON_ERROR quarantine, REJECTS_TABLE bad");
        Assert.Equal(new CopyResult(3, 7, "bad"), result);
        Assert.Equal(7, fixture.Session.QueryScalar<long>("SELECT count(*) FROM bad"));
        fixture.Session.Execute("BEGIN");
        fixture.Load("x,1,a\n", "FORMAT csv, ON_ERROR quarantine, REJECTS_TABLE bad");
        fixture.Session.Execute("ROLLBACK");
        Assert.Equal(7, fixture.Session.QueryScalar<long>("SELECT count(*) FROM bad"));
    }

    [Fact]
    public void Skipped_rows_are_counted_and_told()
    {
        using var fixture = new CopyFixture(Schema);
        Assert.Equal(3, fixture.Load(Mixed, "FORMAT csv, ON_ERROR skip"));
        Assert.Contains("7 rows", Assert.Single(fixture.Session.Notices), StringComparison.Ordinal);
        Assert.False(File.Exists(fixture.Path("file.data.rejected.jsonl")));
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(7, true)]
    public void More_rejected_rows_than_the_limit_load_nothing(int limit, bool isEnough)
    {
        using var fixture = new CopyFixture(Schema);
        string options = $"FORMAT csv, ON_ERROR skip, MAX_ERRORS {limit}";
        if (isEnough)
        {
            Assert.Equal(3, fixture.Load(Mixed, options));
            return;
        }

        string message = fixture.Fail(Mixed, options).Message;
        Assert.Contains("MAX_ERRORS", message, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Session.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public void Progress_is_told_and_cancelling_stores_nothing()
    {
        using var fixture = new CopyFixture("CREATE TABLE t (a INTEGER, b TEXT)");
        string line = $"1,{new string('x', 200)}\n";
        string path = fixture.Write(
            "big.csv", string.Concat(Enumerable.Repeat(line, 40_000)));
        using var source = new CancellationTokenSource();
        var progress = new CancelAtHalf(source);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => fixture.Session.CopyFrom("t", path, "", progress, source.Token));
        Assert.Equal(ErrorCode.Cancelled, error.Code);
        Assert.InRange(progress.Last.BytesDone, progress.Last.BytesTotal / 2, line.Length * 39_999);
        Assert.Equal(0, fixture.Session.QueryScalar<long>("SELECT count(*) FROM t"));
        Assert.Equal(40_000, fixture.Session.CopyFrom("t", path).RowsLoaded);
    }

    [Theory]
    [InlineData("FORMAT xml")]
    [InlineData("FORMATS csv")]
    [InlineData("DELIMITER 'ab'")]
    [InlineData("DELIMITER '\"'")]
    [InlineData("HEADER perhaps")]
    [InlineData("MAX_ERRORS 1")]
    [InlineData("ON_ERROR skip, MAX_ERRORS -1")]
    [InlineData("REJECTS_TABLE x")]
    [InlineData("ENCODING latin1")]
    [InlineData("HEADER, HEADER")]
    [InlineData("NULL 'a,b'")]
    public void An_option_that_makes_no_sense_is_an_error(string options)
    {
        using var fixture = new CopyFixture(Schema);
        NeuroStoreException error = fixture.Fail("1,1,a\n", options);
        Assert.Equal(ErrorCode.InvalidSetting, error.Code);
        Assert.True(error.Position.IsKnown);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_with_its_path()
    {
        using var fixture = new CopyFixture(Schema);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => fixture.Session.CopyFrom("t", fixture.Path("none.csv")));
        Assert.Equal(ErrorCode.InputOutput, error.Code);
        Assert.Contains("none.csv", error.Message, StringComparison.Ordinal);
    }

    private sealed class CancelAtHalf(CancellationTokenSource source) : IProgress<CopyProgress>
    {
        public CopyProgress Last { get; private set; }

        public void Report(CopyProgress value)
        {
            Last = value;
            if (value.BytesDone * 2 >= value.BytesTotal)
            {
                source.Cancel();
            }
        }
    }
}
