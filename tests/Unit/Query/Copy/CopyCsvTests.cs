using System.Globalization;

namespace NeuroDb.Tests.Unit;

/// <summary>COPY FROM a CSV file: shapes of records, types, headers and errors.</summary>
public sealed class CopyCsvTests
{
    private const string Two = "CREATE TABLE t (a TEXT, b TEXT)";

    public static TheoryData<string, string[]> Shapes => new()
    {
        { "a,b\n", ["a|b"] },
        { "a,b", ["a|b"] },
        { "a,b\r\nc,d\r\n", ["a|b", "c|d"] },
        { "a,b\rc,d", ["a|b", "c|d"] },
        { "\ufeffa,b\n", ["a|b"] },
        { "", [] },
        { "\n\na,b\n\n", ["a|b"] },
        { ",\n", [".|."] },
        { "\"\",\n", ["|."] },
        { "\"a,b\",c\n", ["a,b|c"] },
        { "\"a\nb\",\"c\r\nd\"\n", ["a\nb|c\r\nd"] },
        { "\"a\"\"b\",\"\"\"\"\n", ["a\"b|\""] },
        { "a\"b,c\"d\"\n", ["a\"b|c\"d\""] },
        { " a , b \n", [" a | b "] },
        { "\u00e4\u20ac\U0001f600,z\n", ["\u00e4\u20ac\U0001f600|z"] },
        { "\"a\",\"b\"", ["a|b"] },
        { "a,\"b\"\r\n", ["a|b"] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_file_gives_the_rows_that_its_text_says(string text, string[] rows)
    {
        using var fixture = new CopyFixture(Two);
        Assert.Equal(rows.Length, fixture.Load(text));
        Assert.Equal(rows, fixture.Rows("SELECT a, b FROM t"));
    }

    [Theory]
    [InlineData("a\n", "line 1", "1 fields")]
    [InlineData("a,b\nc,d,\n", "line 2", "ends with a delimiter")]
    [InlineData("a,b\n\"x\ny\",z\nc,d,e\n", "line 4", "3 fields")]
    [InlineData("a,b\n\"open,b\nc,d\n", "line 2", "not closed")]
    [InlineData("a,b\n\"x\"y,b\n", "line 2", "closing quote")]
    public void A_malformed_record_is_an_error_that_names_its_line(
        string text, string line, string reason)
    {
        using var fixture = new CopyFixture(Two);
        NeuroStoreException error = fixture.Fail(text);
        Assert.Equal(ErrorCode.MalformedFile, error.Code);
        Assert.Contains(line, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(fixture.Rows("SELECT a FROM t"));
    }

    [Fact]
    public void Every_type_reads_from_its_text()
    {
        using var fixture = new CopyFixture(
            "CREATE TABLE t (k BOOLEAN, i INTEGER, l BIGINT, r REAL, d DOUBLE PRECISION, "
            + "n DECIMAL(10,2), s TEXT, b BLOB, day DATE, at TIMESTAMP, u UUID, j JSON, "
            + "v VECTOR(3))");
        fixture.Load(
            "true,-42,9223372036854775807,1.5,-2.5e-3,12.345,x,\\x00ff,2024-02-29,"
            + "2024-02-29 23:59:59.25,f81d4fae-7dec-11d0-a765-00a0c91e6bf6,"
            + "\"{\"\"a\"\": [1, 2]}\",\"[1, 2.5,-3e1]\"\n,,,,,,,,,,,,\n");
        Assert.Equal(
            [
                "true|-42|9223372036854775807|1.5|-0.0025|12.35|x|\\x00ff|2024-02-29|"
                + "2024-02-29 23:59:59.25|f81d4fae-7dec-11d0-a765-00a0c91e6bf6|"
                + "{\"a\": [1, 2]}|[1,2.5,-30]",
                ".|.|.|.|.|.|.|.|.|.|.|.|.",
            ],
            fixture.Rows(
                "SELECT CAST(k AS TEXT), CAST(i AS TEXT), CAST(l AS TEXT), CAST(r AS TEXT), "
                + "CAST(d AS TEXT), CAST(n AS TEXT), s, CAST(b AS TEXT), CAST(day AS TEXT), "
                + "CAST(at AS TEXT), CAST(u AS TEXT), CAST(j AS TEXT), CAST(v AS TEXT) FROM t"));
    }

    [Theory]
    [InlineData("i INTEGER", "2147483648", ErrorCode.NumericOutOfRange)]
    [InlineData("i INTEGER", "1.5", ErrorCode.InvalidText)]
    [InlineData("i BIGINT", "99999999999999999999", ErrorCode.NumericOutOfRange)]
    [InlineData("i DATE", "2023-02-29", ErrorCode.InvalidText)]
    [InlineData("i TIMESTAMP", "2023-01-01 24:00:00", ErrorCode.InvalidText)]
    [InlineData("i VECTOR(2)", "\"[1,2,3]\"", ErrorCode.DimensionMismatch)]
    [InlineData("i VECTOR(2)", "\"[1,1e39]\"", ErrorCode.NonFiniteVector)]
    [InlineData("i UUID", "f81d4fae", ErrorCode.InvalidText)]
    [InlineData("i JSON", "{", ErrorCode.InvalidText)]
    [InlineData("i BLOB", "\\xabc", ErrorCode.InvalidText)]
    [InlineData("i DECIMAL(4,2)", "100", ErrorCode.NumericOutOfRange)]
    [InlineData("i REAL", "1e39", ErrorCode.NumericOutOfRange)]
    [InlineData("i TEXT NOT NULL", "", ErrorCode.NotNullViolation)]
    [InlineData("i INTEGER CHECK (i < 5)", "5", ErrorCode.CheckViolation)]
    public void A_bad_value_is_an_error_that_names_file_line_and_reason(
        string column, string value, ErrorCode code)
    {
        using var fixture = new CopyFixture($"CREATE TABLE t ({column})");
        string good = column.Contains("TEXT", StringComparison.Ordinal) ? "x" : "";
        NeuroStoreException error = fixture.Fail($"{good}\n{good}\n{value}\n");
        Assert.Equal(code, error.Code);
        Assert.Contains("file.data, line 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was loaded", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Session.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_an_error()
    {
        using var fixture = new CopyFixture(Two);
        string path = fixture.Write("bad.csv", [(byte)'a', (byte)',', 0xc3, (byte)'\n']);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => fixture.Session.Execute($"COPY t FROM '{path}'"));
        Assert.Equal(ErrorCode.InvalidText, error.Code);
        Assert.Contains("column 2 (b)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_is_skipped_matched_or_followed()
    {
        using var fixture = new CopyFixture(Two);
        fixture.Load("b,a\n1,2\n", "HEADER");
        string notice = Assert.Single(fixture.Session.Notices);
        Assert.Contains("another order", notice, StringComparison.Ordinal);
        fixture.Load("b,a\n3,4\n", "HEADER by_name");
        fixture.Load("A,B\n5,6\n", "HEADER match");
        fixture.Load("x,b\n7,8\n", "HEADER by_name, UNKNOWN_COLUMNS ignore");
        Assert.Equal(["1|2", "4|3", "5|6", ".|8"], fixture.Rows("SELECT a, b FROM t"));
        fixture.Fail("b,a\n1,2\n", "HEADER match");
        fixture.Fail("x,b\n1,2\n", "HEADER by_name");
    }

    [Fact]
    public void The_dialect_of_the_file_is_an_option()
    {
        using var fixture = new CopyFixture(Two);
        fixture.Load("a;'b;'';\\'\n", "DELIMITER ';', QUOTE ''''");
        fixture.Load("NA|'x\\'|y'\n", "DELIMITER '|', QUOTE '''', ESCAPE '\\', NULL 'NA'");
        fixture.Load("\"p\"\t\"q\n", "FORMAT tsv, QUOTE ''");
        Assert.Equal(
            ["a|b;';\\", ".|x'|y", "\"p\"|\"q"], fixture.Rows("SELECT a, b FROM t"));
    }

    [Fact]
    public void Columns_that_are_not_named_get_their_defaults()
    {
        using var fixture = new CopyFixture(
            "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT DEFAULT 'd', b INTEGER)");
        string path = fixture.Write("x.csv", "5\n6\n");
        fixture.Session.Execute("COPY t (b) FROM ?", path);
        Assert.Equal(
            ["1|d|5", "2|d|6"],
            fixture.Rows("SELECT CAST(id AS TEXT), a, CAST(b AS TEXT) FROM t"));
    }

    [Fact]
    public void Records_that_cross_the_buffer_are_whole()
    {
        using var fixture = new CopyFixture("CREATE TABLE t (a INTEGER, b TEXT)");
        var random = new Random(7);
        var text = new System.Text.StringBuilder();
        long sum = 0;
        for (int i = 0; i < 3000; i++)
        {
            int length = random.Next(i % 500 == 0 ? 600_000 : 300);
            sum += length;
            text.Append(CultureInfo.InvariantCulture, $"{i},\"");
            text.Append('\n', length).Append("\"\r\n");
        }

        Assert.Equal(3000, fixture.Load(text.ToString()));
        Assert.Equal(sum, fixture.Session.QueryScalar<long>("SELECT sum(length(b)) FROM t"));
    }

    [Fact]
    public void A_failing_copy_leaves_the_open_transaction_as_it_was()
    {
        using var fixture = new CopyFixture("CREATE TABLE t (a INTEGER PRIMARY KEY)");
        using Transaction transaction = fixture.Session.BeginTransaction();
        fixture.Session.Execute("INSERT INTO t VALUES (1)");
        NeuroStoreException error = fixture.Fail("2\n3\n2\n");
        Assert.Equal(ErrorCode.UniqueViolation, error.Code);
        Assert.Contains("line 3", error.Message, StringComparison.Ordinal);
        fixture.Load("4\n");
        transaction.Commit();
        Assert.Equal(2, fixture.Session.QueryScalar<long>("SELECT count(*) FROM t"));
    }
}
