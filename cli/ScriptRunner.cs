using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Cli;

/// <summary>Runs statements one after the other and prints what they give.</summary>
internal sealed class ScriptRunner(Session session, TextWriter output, TextWriter errors)
{
    /// <summary>How rows are printed.</summary>
    public OutputFormat Format { get; set; }

    /// <summary>Whether the time of each statement is printed.</summary>
    public bool IsTimed { get; set; }

    /// <summary>Whether the rows changed are printed; notices go to errors if not.</summary>
    public bool IsChatty { get; init; }

    /// <summary>Shows how far a training is; null where nobody would see it.</summary>
    public TrainingBar? Bar { get; init; }

    /// <summary>Where results go.</summary>
    public TextWriter Output => output;

    /// <summary>Runs a script up to the first statement that fails.</summary>
    /// <returns>Whether all statements succeeded.</returns>
    public bool RunScript(string text, CancellationToken cancellationToken = default)
    {
        List<string> statements = StatementSplitter.Split(text, out string rest);
        if (rest.Length > 0)
        {
            statements.Add(rest);
        }

        foreach (string statement in statements)
        {
            if (!RunStatement(statement, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    private bool RunStatement(string sql, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        session.ModelProgress = Bar;
        try
        {
            using ResultReader reader = session.QueryAsync(sql, null, cancellationToken)
                .GetAwaiter().GetResult();
            Bar?.Clear();
            if (reader.FieldCount > 0)
            {
                RowPrinter.Print(reader, Format, output);
            }
            else if (IsChatty && reader.RowsAffected >= 0)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{reader.RowsAffected} rows changed"));
            }
        }
        catch (Exception error) when (error is NeuroStoreException or InvalidOperationException
            or ArgumentException or OperationCanceledException or NotSupportedException)
        {
            Bar?.Clear();
            output.Flush();
            ErrorPrinter.Print(errors, error, sql);
            return false;
        }

        PrintAfter(start);
        return true;
    }

    private void PrintAfter(long start)
    {
        foreach (string notice in session.Notices)
        {
            (IsChatty ? output : errors).WriteLine($"notice: {notice}");
        }

        if (IsTimed)
        {
            double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"time: {ms:F3} ms"));
        }

        output.Flush();
    }
}
