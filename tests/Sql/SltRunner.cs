using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NeuroDb.Tests.Sql;

/// <summary>
/// Runs one sqllogictest script against a fresh in-memory database and counts its records.
/// </summary>
internal sealed class SltRunner(Action<string> report) : IDisposable
{
    private readonly NeuroStore _database = NeuroStore.OpenInMemory();
    private readonly Dictionary<string, string> _labels = [];
    private Session? _session;

    /// <summary>Records that did what they promise.</summary>
    public int Passed { get; private set; }

    /// <summary>Records that did not.</summary>
    public int Failed { get; private set; }

    /// <summary>Runs all records of a script.</summary>
    public void Run(string name, TextReader script)
    {
        _session = _database.OpenSession();
        foreach (SltRecord record in SltScript.Read(script))
        {
            string? fault = record.IsQuery ? RunQuery(record) : RunStatement(record);
            if (fault is null)
            {
                Passed++;
                continue;
            }

            Failed++;
            report($"{name}:{record.Line}: {fault}\n    {record.Sql.ReplaceLineEndings(" ")}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session?.Dispose();
        _database.Dispose();
    }

    private string? RunStatement(SltRecord record)
    {
        try
        {
            _session!.Execute(record.Sql);
        }
        catch (NeuroStoreException error)
        {
            if (!record.ExpectsError)
            {
                return $"failed: {error.Message}";
            }

            return record.ErrorNumber == 0 || record.ErrorNumber == (int)error.Code
                ? null
                : $"failed with NS-{(int)error.Code}, not NS-{record.ErrorNumber}: {error.Message}";
        }

        return record.ExpectsError ? "succeeded, but an error is expected" : null;
    }

    private string? RunQuery(SltRecord record)
    {
        List<string> values;
        try
        {
            values = Collect(record);
        }
        catch (NeuroStoreException error)
        {
            return $"failed: {error.Message}";
        }

        return CompareLabel(record, values) ?? CompareExpected(record, values);
    }

    private List<string> Collect(SltRecord record)
    {
        var rows = new List<string[]>();
        using ResultReader reader = _session!.Query(record.Sql);
        while (reader.Read())
        {
            var row = new string[reader.FieldCount];
            for (int i = 0; i < row.Length; i++)
            {
                char type = i < record.Types.Length ? record.Types[i] : 'T';
                bool isText = !reader.IsNull(i) && reader.GetDataType(i).Kind
                    is TypeKind.TimestampTz or TypeKind.Interval or TypeKind.Array
                        or TypeKind.Struct or TypeKind.Map;
                row[i] = SltFormat.Format(
                    isText ? reader.GetString(i) : reader.GetValue(i), type);
            }

            rows.Add(row);
        }

        if (record.Sort == SltSort.Rows)
        {
            rows.Sort(CompareRows);
        }

        List<string> values = [.. rows.SelectMany(row => row)];
        if (record.Sort == SltSort.Values)
        {
            values.Sort(string.CompareOrdinal);
        }

        return values;
    }

    private static int CompareRows(string[] left, string[] right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            int order = string.CompareOrdinal(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private string? CompareLabel(SltRecord record, List<string> values)
    {
        if (record.Label.Length == 0)
        {
            return null;
        }

        string hash = Hash(values);
        if (_labels.TryAdd(record.Label, hash) || _labels[record.Label] == hash)
        {
            return null;
        }

        return $"gives another result than the earlier query of label {record.Label}";
    }

    private static string? CompareExpected(SltRecord record, List<string> values)
    {
        if (record.Expected is [string only] && only.Contains(" values hashing to "))
        {
            string found = $"{values.Count} values hashing to {Hash(values)}";
            return only == found ? null : $"expected {only}, found {found}";
        }

        IReadOnlyList<string> expected = Unfold(record);
        if (expected.SequenceEqual(values))
        {
            return null;
        }

        return $"expected [{string.Join(' ', expected.Take(20))}], "
            + $"found [{string.Join(' ', values.Take(20))}]";
    }

    /// <summary>
    /// Scripts of ours write a row on one line with its values separated by tabs.
    /// </summary>
    private static IReadOnlyList<string> Unfold(SltRecord record)
    {
        if (record.Types.Length < 2 || !record.Expected.Any(line => line.Contains('\t')))
        {
            return record.Expected;
        }

        return [.. record.Expected.SelectMany(line => line.Split('\t'))];
    }

    private static string Hash(List<string> values)
    {
        var text = new StringBuilder();
        foreach (string value in values)
        {
            text.Append(value).Append('\n');
        }

        // MD5 is what the published suites state their results in; nothing is protected by it.
        byte[] hash = MD5.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return Convert.ToHexString(hash).ToLower(CultureInfo.InvariantCulture);
    }
}
