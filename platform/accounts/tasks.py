from celery import shared_task

from accounts import operations


@shared_task
def forget_expired_sessions() -> int:
    """Removes the sessions whose time is over; how many they were."""
    return operations.forget_expired_sessions()
