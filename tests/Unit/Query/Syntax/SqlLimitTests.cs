using System.Text;
using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Every limit of the parser one below, at and one above it.</summary>
public sealed class SqlLimitTests
{
    private const int StackSizeBytes = 16 * 1024 * 1024;
    private const int SmallStackSizeBytes = 512 * 1024;

    public static TheoryData<string, string, string> Nestings => new()
    {
        { "(", "1", ")" },
        { "(SELECT ", "1", ")" },
        { "f(", "1", ")" },
        { "1 + (", "1", ")" },
        { "CASE WHEN ", "1", " THEN 1 END" },
        { "CAST(", "1", " AS INT)" },
        { "a IN (", "1", ")" },
        { "EXISTS (SELECT 1 WHERE ", "1", ")" },
        { "(SELECT * FROM (VALUES (1)) x WHERE ", "1", ")" },
        { "NOT ", "1", "" },
        { "- ", "1", "" },
        { "~ + ", "1", "" },
        { "1 + ", "1", "" },
        { "a = ", "1", "" },
        { "a || ", "1", "" },
        { "", "1", "::int" },
        { "", "a", " IS NULL" },
        { "", "a", " BETWEEN 1 AND 2" },
        { "", "a", " IN (1)" },
        { "NOT (", "1", ")" },
    };

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("f(", "1", ")")]
    [InlineData("CASE WHEN ", "1", " THEN 1 END")]
    [InlineData("NOT ", "1", "")]
    [InlineData("- ", "1", "")]
    [InlineData("1 + ", "1", "")]
    [InlineData("a || ", "1", "")]
    [InlineData("", "1", "::int")]
    [InlineData("", "a", " IS NULL")]
    public void Nesting_up_to_the_limit_parses(string open, string core, string close)
    {
        Assert.Null(ParseNested(open, core, close, Limits.NestingDepthMax - 1, StackSizeBytes));
        Assert.Null(ParseNested(open, core, close, Limits.NestingDepthMax, StackSizeBytes));
        Exception? error =
            ParseNested(open, core, close, Limits.NestingDepthMax + 1, StackSizeBytes);
        Assert.Equal(
            ErrorCode.NestingTooDeep, Assert.IsType<ResourceLimitException>(error).Code);
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Deep_nesting_on_a_small_stack_is_an_error_and_no_crash(
        string open, string core, string close)
    {
        Exception? error = ParseNested(open, core, close, 100_000, SmallStackSizeBytes);
        Assert.Equal(
            ErrorCode.NestingTooDeep, Assert.IsType<ResourceLimitException>(error).Code);

        Exception? atLimit = ParseNested(
            open, core, close, Limits.NestingDepthMax, SmallStackSizeBytes);
        Assert.True(
            atLimit is null or ResourceLimitException { Code: ErrorCode.NestingTooDeep },
            $"{atLimit}");
    }

    [Fact]
    public void Depths_of_brackets_and_chains_add_up()
    {
        string chain = string.Concat(Enumerable.Repeat("1 + ", 300)) + "1";

        Exception? error = ParseNested("(", $"{chain} + ({chain})", ")", 1, StackSizeBytes);

        Assert.IsType<ResourceLimitException>(error);
    }

    [Fact]
    public void Unions_count_as_nesting()
    {
        string sql = string.Join(
            " UNION ", Enumerable.Repeat("SELECT 1", Limits.NestingDepthMax + 2));

        Assert.Throws<ResourceLimitException>(() => SqlParser.Parse(sql));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void A_statement_up_to_the_length_limit_parses(int over) =>
        Assert.Single(SqlParser.Parse(LongStatement(Limits.StatementLengthMax + over)));

    [Fact]
    public void A_statement_beyond_the_length_limit_is_refused()
    {
        ResourceLimitException error = Assert.Throws<ResourceLimitException>(
            () => SqlParser.Parse(LongStatement(Limits.StatementLengthMax + 1)));

        Assert.Equal(ErrorCode.StatementTooLong, error.Code);
    }

    [Fact]
    public void A_name_up_to_the_length_limit_parses()
    {
        string name = new('n', Limits.NameLengthMax);
        Assert.Single(SqlParser.Parse($"SELECT {name}, \"{name}\", :{name}"));
        Assert.Throws<ResourceLimitException>(() => SqlParser.Parse($"SELECT n{name}"));
        Assert.Throws<ResourceLimitException>(() => SqlParser.Parse($"SELECT \"n{name}\""));
    }

    [Fact]
    public void Parameters_are_numbered_up_to_the_limit()
    {
        StatementSyntax statement = Assert.Single(
            SqlParser.Parse($"SELECT ?{Limits.ParameterCountMax}"));
        Assert.Equal(Limits.ParameterCountMax, statement.ParameterCount);
        Assert.Throws<ResourceLimitException>(
            () => SqlParser.Parse($"SELECT ?{Limits.ParameterCountMax}, ?"));
        Assert.Throws<ResourceLimitException>(
            () => SqlParser.Parse($"SELECT ?{Limits.ParameterCountMax + 1}"));
    }

    private static string LongStatement(int length) =>
        new StringBuilder("SELECT '").Append('x', length - 9).Append('\'').ToString();

    private static Exception? ParseNested(
        string open, string core, string close, int depth, int stackSizeBytes)
    {
        StringBuilder sql = new("SELECT ");
        sql.Insert(sql.Length, open, depth).Append(core).Insert(sql.Length, close, depth);
        Exception? error = null;
        Thread thread = new(
            () => error = Record.Exception(() => SqlParser.Parse(sql.ToString())),
            stackSizeBytes);
        thread.Start();
        thread.Join();
        return error;
    }
}
