using System.Globalization;
using System.Text;

namespace NeuroDb.Tests.Sql;

/// <summary>
/// Reads sqllogictest scripts. Records for other engines (onlyif) are left out; NeuroStore runs
/// under its own name. Own extension: <c>statement error NS-3002</c> names the error that must
/// come.
/// </summary>
internal static class SltScript
{
    private const string EngineName = "neurostore";

    /// <summary>The records of a script, in order.</summary>
    public static IEnumerable<SltRecord> Read(TextReader reader)
    {
        var lines = new LineSource(reader);
        bool skipNext = false;
        while (lines.Next() is string line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
            {
                continue;
            }

            switch (words[0])
            {
                case "halt" when !skipNext:
                    yield break;
                case "halt" or "hash-threshold":
                    skipNext = false;
                    break;
                case "onlyif":
                    skipNext |= words[1] != EngineName;
                    break;
                case "skipif":
                    skipNext |= words[1] == EngineName;
                    break;
                case "statement" or "query":
                    SltRecord record = words[0] == "statement"
                        ? ReadStatement(words, lines)
                        : ReadQuery(words, lines);
                    if (!skipNext)
                    {
                        yield return record;
                    }

                    skipNext = false;
                    break;
                default:
                    throw new FormatException(
                        $"Line {lines.Number}: '{words[0]}' begins no sqllogictest record.");
            }
        }
    }

    private static SltRecord ReadStatement(string[] words, LineSource lines)
    {
        int number = 0;
        if (words.Length > 2 && words[2].StartsWith("NS-", StringComparison.Ordinal))
        {
            number = int.Parse(words[2].AsSpan(3), CultureInfo.InvariantCulture);
        }

        int line = lines.Number;
        return new SltRecord
        {
            Line = line,
            Sql = ReadSql(lines, out _),
            ExpectsError = words[1] == "error",
            ErrorNumber = number,
        };
    }

    private static SltRecord ReadQuery(string[] words, LineSource lines)
    {
        int line = lines.Number;
        string sql = ReadSql(lines, out bool hasResult);
        var expected = new List<string>();
        while (hasResult && lines.Next() is { Length: > 0 } value)
        {
            expected.Add(value);
        }

        return new SltRecord
        {
            Line = line,
            Sql = sql,
            IsQuery = true,
            Types = words.Length > 1 ? words[1] : "",
            Sort = words.Length > 2 ? SortOf(words[2]) : SltSort.None,
            Label = words.Length > 3 ? words[3] : "",
            Expected = expected,
        };
    }

    private static SltSort SortOf(string word) => word switch
    {
        "rowsort" => SltSort.Rows,
        "valuesort" => SltSort.Values,
        _ => SltSort.None,
    };

    private static string ReadSql(LineSource lines, out bool hasResult)
    {
        hasResult = false;
        var sql = new StringBuilder();
        while (lines.Next() is { Length: > 0 } line)
        {
            if (line == "----")
            {
                hasResult = true;
                break;
            }

            sql.Append(sql.Length > 0 ? "\n" : "").Append(line);
        }

        return sql.ToString();
    }

    /// <summary>Lines with their numbers.</summary>
    private sealed class LineSource(TextReader reader)
    {
        /// <summary>The number of the last line read, from 1.</summary>
        public int Number { get; private set; }

        /// <summary>The next line without trailing white space, or null.</summary>
        public string? Next()
        {
            Number++;
            return reader.ReadLine()?.TrimEnd();
        }
    }
}
