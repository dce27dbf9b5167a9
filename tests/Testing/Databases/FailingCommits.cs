using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MaeLab.Testing.Databases;

public enum CommitFailure
{
    None,

    /// <summary>The connection breaks before the server hears of the commit.</summary>
    Before,

    /// <summary>It breaks after the commit, before its answer arrives.</summary>
    After,
}

/// <summary>Breaks the next commit, once.</summary>
public sealed class FailingCommits : DbTransactionInterceptor
{
    public CommitFailure Next { get; set; }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        ThrowIf(CommitFailure.Before);
        return base.TransactionCommittingAsync(transaction, eventData, result, cancellationToken);
    }

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ThrowIf(CommitFailure.After);
        return base.TransactionCommittedAsync(transaction, eventData, cancellationToken);
    }

    private void ThrowIf(CommitFailure now)
    {
        if (Next == now)
        {
            Next = CommitFailure.None;
            throw new BrokenConnectionException();
        }
    }
}

public sealed class BrokenConnectionException : Exception;
