using System.Diagnostics;
using NeuroDb.Cli;

namespace NeuroDb.Tests.Unit;

/// <summary>The shell: its formats, its splitting of scripts, its exit codes.</summary>
public sealed class ShellTests
{
    private const string Sql =
        "SELECT 1 AS n, 'a,\"b' AS s, NULL AS z, TRUE AS t, '' AS e, X'00FF' AS b";

    [Fact]
    public void Csv_follows_RFC_4180() => Assert.Equal(
        "n,s,z,t,e,b\r\n1,\"a,\"\"b\",,true,\"\",\\x00ff\r\n", Print(OutputFormat.Csv));

    [Fact]
    public void Json_is_one_object_a_row_with_proper_types() => Assert.Equal(
        "{\"n\":1,\"s\":\"a,\\\"b\",\"z\":null,\"t\":true,\"e\":\"\",\"b\":\"AP8=\"}\n",
        Print(OutputFormat.Json));

    [Fact]
    public void A_table_is_framed_and_counted()
    {
        string text = Print(OutputFormat.Table);
        Assert.Contains("| 1 | a,\"b | NULL | true |", text, StringComparison.Ordinal);
        Assert.EndsWith($"1 row{Environment.NewLine}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_is_cut_only_between_statements()
    {
        List<string> parts = StatementSplitter.Split(
            "SELECT ';' -- ; no\n; /* ; */ SELECT \"a;b\";; SELECT 3", out string rest);
        Assert.Equal(2, parts.Count);
        Assert.Equal("SELECT 3", rest);
    }

    [Fact]
    public void A_trigger_is_one_statement_with_those_of_its_body()
    {
        List<string> parts = StatementSplitter.Split(
            "CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO u SELECT CASE WHEN 1 THEN 2 "
            + "END; DELETE FROM \"end\"; END; BEGIN; SELECT 1; END; CREATE TABLE x (a INT);",
            out string rest);
        Assert.Equal(["CREATE", "BEGIN;", "SELECT 1;", "END;", "CREATE"], parts.Select(
            part => part.StartsWith("CREATE", StringComparison.Ordinal) ? "CREATE" : part));
        Assert.Equal("", rest);
    }

    [Fact]
    public void The_process_stops_at_the_first_failing_statement_with_code_1()
    {
        using Process process = Start(
            "-c", "SELECT 1;\nSELECT nam FROM t; SELECT 2", "--format", "csv");
        string text = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Equal("1\r\n1\r\n", text);
        Assert.Contains("error NS-1101", errors, StringComparison.Ordinal);
        Assert.Contains("^", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "1\r\n1\r\n2\r\n2\r\n3\r\n3\r\n")]
    [InlineData(true, "1\r\n1\r\n")]
    public void Statements_of_the_standard_input_go_on_behind_a_failure_unless_told_to_bail(
        bool isBailing, string expected)
    {
        using Process process = Start(
            ["--format", "csv", .. isBailing ? (string[])["--bail"] : []]);
        process.StandardInput.Write(
            "SELECT 1;\nSELECT nam FROM t; SELECT 2;\nSELECT 3;\n.quit\n");
        process.StandardInput.Close();
        Assert.Equal(expected, process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
    }

    [Fact]
    public void The_process_ends_with_0_when_all_statements_succeed()
    {
        using Process process = Start("-c", "SELECT 1");
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static string Print(OutputFormat format)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using ResultReader reader = database.Query(Sql);
        var output = new StringWriter();
        RowPrinter.Print(reader, format, output);
        return output.ToString();
    }

    private static Process Start(params string[] arguments)
    {
        string shell = Path.Combine(AppContext.BaseDirectory, "NeuroStore.Cli.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [shell, ":memory:", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
