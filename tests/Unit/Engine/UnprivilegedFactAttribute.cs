namespace NeuroDb.Tests.Unit;

/// <summary>A test of missing rights, which neither root nor Windows can take away.</summary>
public sealed class UnprivilegedFactAttribute : FactAttribute
{
    /// <summary>Skips where the rights cannot be taken away.</summary>
    public UnprivilegedFactAttribute()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Skip = "A privileged process may open every file, whatever its rights.";
        }
    }
}
