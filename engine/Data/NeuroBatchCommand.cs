using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace NeuroDb.Data;

/// <summary>One statement of a batch.</summary>
public sealed class NeuroBatchCommand : DbBatchCommand
{
    private string _commandText = string.Empty;

    /// <summary>Makes a command without a text.</summary>
    public NeuroBatchCommand()
    {
    }

    /// <summary>Makes a command.</summary>
    public NeuroBatchCommand(string commandText) => CommandText = commandText;

    /// <inheritdoc/>
    [AllowNull]
    public override string CommandText
    {
        get => _commandText;
        set => _commandText = value ?? string.Empty;
    }

    /// <summary>Text; there are no stored procedures.</summary>
    public override CommandType CommandType
    {
        get => CommandType.Text;
        set
        {
            if (value != CommandType.Text)
            {
                throw new ArgumentException(
                    $"Only CommandType.Text is carried out, not {value}.", nameof(value));
            }
        }
    }

    /// <summary>-1: a batch counts its rows together.</summary>
    public override int RecordsAffected => -1;

    /// <summary>The parameters.</summary>
    public new NeuroParameterCollection Parameters { get; } = [];

    /// <inheritdoc/>
    public override bool CanCreateParameter => true;

    /// <inheritdoc/>
    protected override DbParameterCollection DbParameterCollection => Parameters;

    /// <inheritdoc/>
    public override DbParameter CreateParameter() => new NeuroParameter();
}
