using System.Data.Common;

namespace NeuroDb.Data;

/// <summary>Fills data tables from a command and writes their changes back.</summary>
public sealed class NeuroDataAdapter : DbDataAdapter
{
    /// <summary>Makes an adapter without commands.</summary>
    public NeuroDataAdapter()
    {
    }

    /// <summary>Makes an adapter that reads with a command.</summary>
    public NeuroDataAdapter(NeuroCommand selectCommand) => SelectCommand = selectCommand;
}
