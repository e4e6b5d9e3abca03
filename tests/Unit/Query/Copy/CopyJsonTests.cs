namespace NeuroDb.Tests.Unit;

/// <summary>COPY FROM and TO JSON lines.</summary>
public sealed class CopyJsonTests
{
    private const string Schema =
        "CREATE TABLE t (id BIGINT PRIMARY KEY, s TEXT DEFAULT 'd', j JSON, v VECTOR(2), "
        + "k BOOLEAN)";

    private const string All =
        "SELECT CAST(id AS TEXT), s, CAST(j AS TEXT), CAST(v AS TEXT), CAST(k AS TEXT) FROM t";

    [Fact]
    public void Properties_go_to_columns_by_name_and_missing_ones_get_defaults()
    {
        using var fixture = new CopyFixture(Schema);
        fixture.Load(
            "{\"id\":1,\"s\":\"a\\n\\u00e4\",\"j\":{\"x\":[1,\"]\"]},\"v\":[1,2.5],\"k\":true}\n\n"
            + "{\"K\":false,\"id\":2}\r\n{\"id\":3,\"s\":null,\"j\":\"text\"}",
            "FORMAT json");
        Assert.Equal(
            ["1|a\n\u00e4|{\"x\":[1,\"]\"]}|[1,2.5]|true", "2|d|.|.|false", "3|.|\"text\"|.|."],
            fixture.Rows(All));
    }

    [Theory]
    [InlineData("{\"id\":1,\"x\":2}", ErrorCode.UnknownColumn)]
    [InlineData("{\"id\":1,\"id\":2}", ErrorCode.MalformedFile)]
    [InlineData("{\"id\":1", ErrorCode.MalformedFile)]
    [InlineData("[1]", ErrorCode.MalformedFile)]
    [InlineData("{\"id\":1}x", ErrorCode.MalformedFile)]
    [InlineData("{\"id\":1,\"s\":\"\\ud800\"}", ErrorCode.MalformedFile)]
    [InlineData("{\"id\":\"x\"}", ErrorCode.InvalidText)]
    [InlineData("{\"id\":1,\"v\":[1,2,3]}", ErrorCode.DimensionMismatch)]
    [InlineData("{\"id\":1,\"v\":{}}", ErrorCode.InvalidText)]
    public void A_bad_line_is_an_error_or_is_left_out(string line, ErrorCode code)
    {
        using var fixture = new CopyFixture(Schema);
        NeuroStoreException error = fixture.Fail($"{{\"id\":7}}\n{line}\n", "FORMAT json");
        Assert.Equal(code, error.Code);
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            2,
            fixture.Load(
                $"{{\"id\":7}}\n{line}\n{{\"id\":8}}\n", "FORMAT json, ON_ERROR skip"));
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        using var fixture = new CopyFixture(Schema);
        fixture.Session.Execute(
            "INSERT INTO t VALUES (1, 'a\"\n\u20ac', '{\"x\":\n[1]}', '[0.1,-2]', true), "
            + "(2, NULL, NULL, NULL, NULL)");
        string[] before = fixture.Rows("SELECT CAST(id AS TEXT), s, CAST(v AS TEXT) FROM t");
        string path = fixture.Path("out.jsonl");
        fixture.Session.Execute($"COPY t TO '{path}'");
        Assert.Equal(2, File.ReadAllLines(path).Length);
        fixture.Session.Execute("DELETE FROM t");
        fixture.Session.Execute($"COPY t FROM '{path}'");
        Assert.Equal(before, fixture.Rows("SELECT CAST(id AS TEXT), s, CAST(v AS TEXT) FROM t"));
    }
}
