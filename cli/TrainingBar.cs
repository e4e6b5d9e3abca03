using System.Globalization;

namespace NeuroDb.Cli;

/// <summary>
/// Shows how far a training is, in one line of the terminal that is written over and wiped at the
/// end.
/// </summary>
internal sealed class TrainingBar(TextWriter terminal) : IProgress<ModelProgress>
{
    private const int Width = 24;
    private int _length;

    /// <inheritdoc/>
    public void Report(ModelProgress value)
    {
        double pass = value.RowsTotal > 0 ? value.RowsDone / (double)value.RowsTotal : 1;
        double share = Math.Clamp((value.Epoch - 1 + pass) / Math.Max(1, value.Epochs), 0, 1);
        int filled = (int)(share * Width);
        string validation = value.ValidationLoss is double loss
            ? string.Create(CultureInfo.InvariantCulture, $", validation {loss:G4}")
            : "";
        Show(string.Create(
            CultureInfo.InvariantCulture,
            $"[{new string('#', filled)}{new string('.', Width - filled)}] pass {value.Epoch} of "
            + $"{value.Epochs}, loss {value.Loss:G4}{validation}, {value.Seconds:F1} s"));
    }

    /// <summary>Wipes the line.</summary>
    public void Clear()
    {
        if (_length > 0)
        {
            Show("");
            terminal.Write('\r');
            terminal.Flush();
        }
    }

    private void Show(string line)
    {
        terminal.Write('\r');
        terminal.Write(line.PadRight(_length));
        terminal.Flush();
        _length = line.Length;
    }
}
