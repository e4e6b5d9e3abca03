using System.Text;

namespace NeuroDb.Tests.Simulation;

/// <summary>
/// A <see cref="SimulatedDisk"/> as one process sees it. After <see cref="Kill"/> no call of that
/// process changes anything: writes go nowhere, and what would have a result fails.
/// </summary>
internal sealed class SimulatedFileSystem(SimulatedDisk disk) : IFileSystem
{
    private readonly List<SimulatedLock> _locks = [];

    /// <summary>The files that this process has open.</summary>
    public int OpenCount { get; private set; }

    /// <summary>Whether the process lives.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>The locks that this process holds.</summary>
    public int LockCount => _locks.Count;

    /// <summary>The disk.</summary>
    public SimulatedDisk Disk => disk;

    /// <summary>Ends the process: its files are closed and its locks given back.</summary>
    public void Kill()
    {
        lock (disk.Gate)
        {
            IsAlive = false;
            foreach (SimulatedLock held in _locks.ToArray())
            {
                Release(held);
            }
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path)
    {
        lock (disk.Gate)
        {
            CheckAlive();
            return disk.HasFile(path);
        }
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path)
    {
        lock (disk.Gate)
        {
            CheckAlive();
            return disk.HasDirectory(path);
        }
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        lock (disk.Gate)
        {
            CheckAlive();
            if (!disk.HasDirectory(path))
            {
                ThrowIfFailing(DiskCallKind.CreateDirectory, path);
                disk.MakeDirectory(path);
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string directory)
    {
        lock (disk.Gate)
        {
            CheckAlive();
            ThrowIfFailing(DiskCallKind.List, directory);
            return disk.HasDirectory(directory)
                ? disk.List(directory)
                : throw new DirectoryNotFoundException($"{directory} does not exist");
        }
    }

    /// <inheritdoc/>
    public IFile Open(string path, FileOpenKind kind, bool writeThrough = false)
    {
        lock (disk.Gate)
        {
            CheckAlive();
            bool creates = kind == FileOpenKind.Create;
            ThrowIfFailing(creates ? DiskCallKind.Create : DiskCallKind.Open, path);
            (int Id, PagedBytes Bytes)? file = disk.Find(path);
            if (creates)
            {
                if (file is not null || !disk.HasDirectory(Path.GetDirectoryName(path)!))
                {
                    throw new IOException($"{path} exists, or its directory does not");
                }

                file = disk.Create(path);
            }
            else if (file is null)
            {
                throw new FileNotFoundException($"{path} does not exist", path);
            }

            OpenCount++;
            return new SimulatedFile(
                this, path, file.Value.Id, file.Value.Bytes, kind != FileOpenKind.Read,
                writeThrough);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        lock (disk.Gate)
        {
            CheckAlive();
            ThrowIfFailing(DiskCallKind.Delete, path);
            disk.Delete(path);
        }
    }

    /// <inheritdoc/>
    public void Move(string source, string target)
    {
        lock (disk.Gate)
        {
            CheckAlive();
            ThrowIfFailing(DiskCallKind.Move, source);
            if (!disk.HasFile(source))
            {
                throw new FileNotFoundException($"{source} does not exist", source);
            }

            disk.Move(source, target);
        }
    }

    /// <inheritdoc/>
    public void FlushDirectory(string path)
    {
        lock (disk.Gate)
        {
            CheckAlive();
            ThrowIfFailing(DiskCallKind.FlushDirectory, path);
            disk.Note(DiskOperationKind.FlushDirectory, path, -1);
        }
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path, string holder)
    {
        lock (disk.Gate)
        {
            CheckAlive();
            ThrowIfFailing(DiskCallKind.Lock, path);
            if (!disk.TryLock(path))
            {
                return null;
            }

            var held = new SimulatedLock(this, path);
            _locks.Add(held);
            (int Id, PagedBytes Bytes) file = disk.Find(path) ?? disk.Create(path);
            byte[] note = Encoding.UTF8.GetBytes(holder);
            disk.Note(DiskOperationKind.SetLength, path, file.Id);
            disk.Note(DiskOperationKind.Write, path, file.Id, 0, note);
            file.Bytes.SetLength(0);
            file.Bytes.Write(0, note);
            return held;
        }
    }

    /// <summary>Gives a lock back; nothing if it was given back.</summary>
    public void Release(SimulatedLock held)
    {
        lock (disk.Gate)
        {
            if (_locks.Remove(held))
            {
                disk.Unlock(held.Path);
            }
        }
    }

    /// <summary>Counts a file that was closed.</summary>
    public void NoteClosed()
    {
        lock (disk.Gate)
        {
            OpenCount--;
        }
    }

    /// <summary>Raises an error if the process was killed; under the gate.</summary>
    public void CheckAlive()
    {
        if (!IsAlive)
        {
            throw new IOException("The simulated process was killed");
        }
    }

    /// <summary>Counts a call and raises its error if it is to fail; under the gate.</summary>
    public void ThrowIfFailing(DiskCallKind kind, string path)
    {
        if (disk.Faults.Fails(kind))
        {
            throw DiskFaults.Error(kind, path);
        }
    }
}
